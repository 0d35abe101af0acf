import type { Mask } from "../../program/noise.ts";
import type { Body } from "./body.ts";
import { type Code, i32, i32x4, i64x2, v128 } from "./code.ts";
import { type Context, fixed, type Part, sizeCode, times } from "./context.ts";
import { addressing, sideBySide } from "./elementwise.ts";
import { doubles } from "./lanes.ts";

void fixed;
const stride = 0x9e3779b9;

/** The hash of `random/mask.ts`, of one word or of four side by side. */
function mix(word: Code, set: (value: Code) => Code, get: Code, kind: typeof i32 | typeof i32x4): Code {
  const constant = (value: number): Code => (kind === i32 ? i32.const(value) : lanesOf(value));
  const { mul, xor } = kind;
  const shifted = (by: number): Code => (kind === i32 ? i32.shrU(get, i32.const(by)) : i32x4.shrU(get, by));
  return [
    ...set(word),
    ...set(mul(xor(get, shifted(16)), constant(0x85ebca6b))),
    ...set(mul(xor(get, shifted(13)), constant(0xc2b2ae35))),
    ...set(xor(get, shifted(16))),
  ];
}

function lanesOf(value: number): Code {
  return i32x4.const(value, value, value, value);
}

/** Draws a dropout mask for some rows of a batch, whose number is given. */
export function maskCode(
  { name, key, columns, rate }: Mask,
  batch: Code,
  context: Context,
  part: Part,
): Code {
  const { lanes, address } = context;
  const { body, from, to } = part;
  const out = address(name);
  const ofBatch = body.local("i32");
  const ofRow = body.local("i32");
  const start = body.local("i32");
  const h = body.local("v128");
  const kept = lanes.constant(1 / (1 - rate));
  const threshold = Math.ceil((1 - rate) * 0x100000000);
  const hashed = (body_: Body) => mixed(body_, ofRow.get, h);
  const perRow = columns * lanes.bytes;
  return [
    ...mix(i32.add(i32.const(key), i32.mul(batch, i32.const(stride))), ofBatch.set, ofBatch.get, i32),
    ...body.loop(from, to, 1, (row) => [
      ...start.set(times(row, perRow)),
      ...mix(i32.add(ofBatch.get, i32.mul(row, i32.const(stride))), ofRow.set, ofRow.get, i32),
      ...sideBySide(i32.const(0), i32.const(perRow), columns, context, body, (position, count, ahead) => {
        const column = i32.add(i32.shrU(position, i32.const(lanes.bytes === 4 ? 2 : 3)), i32.const(ahead));
        const { code, offset } = addressing(i32.add(start.get, position), ahead, context)(lanes.bytes);
        // From 2^32 on every hash lies below.
        const below = threshold >= 0x100000000 ? undefined : i32x4.ltU(h.get, lanesOf(threshold));
        const wide = below && lanes === doubles ? i64x2.extendLow(below) : below;
        return [
          ...hashed(body)(column),
          ...lanes.store(count, code, wide ? v128.and(wide, kept) : kept, out + offset),
        ];
      }),
    ]),
  ];
}

/** The hashes of four columns, from one on. */
function mixed(body: Body, ofRow: Code, h: { set: (value: Code) => Code; get: Code }) {
  void body;
  const ahead = i32x4.const(0, stride, Math.imul(2, stride), Math.imul(3, stride));
  return (column: Code): Code =>
    mix(
      i32x4.add(i32x4.splat(i32.add(ofRow, i32.mul(column, i32.const(stride)))), ahead),
      h.set,
      h.get,
      i32x4,
    );
}
void sizeCode;
