import type { Body, Local } from "./body.ts";
import { type Code, constantOf, isCode, type Load, type Store, type Write } from "./code.ts";
import { f32x4, f64x2 } from "./instructions.ts";

/** Bytes of memory whose numbers a variable holds too, from its first lane on. */
interface Held {
  readonly at: number;
  readonly bytes: number;
  readonly value: Local;
}

/**
 * The same code, but what it reads back soon after storing it is taken from a variable. A processor needs some five cycles for
 * the way through memory: in the smallest networks, where each number waits for the one before, that is much. Memory ends
 * up the same. Only addresses that are constants count; where code branches, or memory may change anywhere, all that was
 * known is forgotten.
 */
export function forwarded(code: Code, body: Body): Code {
  let held: readonly Held[] = [];
  const forget = ({ bytes }: Pick<Write, "bytes">, at: number): void => {
    held = held.filter((each) => at + bytes <= each.at || each.at + each.bytes <= at);
  };
  const stored = ({ bytes, value, of }: Store, at: number | undefined): Code => {
    const again = walk(value);
    if (at === undefined) {
      held = [];
      return of(again);
    }
    const local = body.local("v128");
    forget({ bytes }, at);
    held = [...held, { at, bytes, value: local }];
    return of(local.tee(again));
  };
  const loaded = (load: Load, at: number): Code | undefined => {
    const { kind, bytes } = load;
    const from = held.find((each) => each.at <= at && at + bytes <= each.at + each.bytes);
    if (from === undefined) return undefined;
    if (kind === "splat") return inAllLanes(from.value.get, (at - from.at) / bytes, bytes);
    return from.at === at ? from.value.get : undefined;
  };
  const walk = (part: Code): Code =>
    part.map((each) => {
      if (typeof each === "number") return each;
      if (isCode(each)) return walk(each);
      if (!("code" in each)) return each;
      const { touches } = each;
      if (touches === "unknown") {
        held = [];
        return each;
      }
      const start = constantOf(touches.address);
      const at = start === undefined ? undefined : start + touches.offset;
      if (touches.kind === "store") return stored(touches, at);
      if (touches.kind !== "write") return (at === undefined ? undefined : loaded(touches, at)) ?? each;
      const plain = walk(each.code);
      if (at === undefined) held = [];
      else forget(touches, at);
      return plain;
    });
  return walk(code);
}

function inAllLanes(value: Code, lane: number, bytes: number): Code {
  const { splat, extract } = bytes === 8 ? f64x2 : f32x4;
  return splat(extract(value, lane));
}
