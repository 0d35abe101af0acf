import type { Mask } from "../../../program/noise.ts";
import type { Local } from "../code/body.ts";
import type { Code } from "../code/code.ts";
import { i32, i32x4, i64x2, v128 } from "../code/instructions.ts";
import { doubles } from "../code/lanes.ts";
import { type Context, type Part, times } from "./context.ts";
import { addressing, sideBySide } from "./elementwise.ts";

// The hash of `random/mask.ts`, of one word or of four side by side.
const stride = 0x9e3779b9;
const factors = [0x85ebca6b, 0xc2b2ae35] as const;

function mix(word: Code, into: Local): Code {
  const shifted = (by: number) => i32.shrU(into.get, i32.const(by));
  return [
    into.set(word),
    into.set(i32.mul(i32.xor(into.get, shifted(16)), i32.const(factors[0]))),
    into.set(i32.mul(i32.xor(into.get, shifted(13)), i32.const(factors[1]))),
    into.set(i32.xor(into.get, shifted(16))),
  ];
}

function mixFour(words: Code, into: Local): Code {
  const shifted = (by: number) => i32x4.shrU(into.get, by);
  return [
    into.set(words),
    into.set(i32x4.mul(i32x4.xor(into.get, shifted(16)), inAll(factors[0]))),
    into.set(i32x4.mul(i32x4.xor(into.get, shifted(13)), inAll(factors[1]))),
    into.set(i32x4.xor(into.get, shifted(16))),
  ];
}

function inAll(word: number): Code {
  return i32x4.const(word, word, word, word);
}

/** How far the words of four columns are apart. */
const columnsAhead = i32x4.const(0, stride, Math.imul(2, stride), Math.imul(3, stride));

/** Draws a dropout mask for some rows of a batch, whose number is given. */
export function maskCode(
  { name, key, columns, rate, kept }: Mask,
  batch: Code,
  context: Context,
  part: Part,
): Code {
  const { lanes, address } = context;
  const { body, from, to } = part;
  const [ofBatch, ofRow, start] = [body.local("i32"), body.local("i32"), body.local("i32")];
  const hashes = body.local("v128");
  const passed = lanes.constant(kept);
  const threshold = Math.ceil((1 - rate) * 0x100000000);
  const perRow = columns * lanes.bytes;
  const shift = i32.const(lanes === doubles ? 3 : 2);
  return [
    mix(i32.add(i32.const(key), i32.mul(batch, i32.const(stride))), ofBatch),
    body.loop(from, to, 1, (row) => [
      start.set(times(row, perRow)),
      mix(i32.add(ofBatch.get, i32.mul(row, i32.const(stride))), ofRow),
      sideBySide(i32.const(0), i32.const(perRow), columns, context, body, (position, count, ahead) => {
        const column = i32.add(i32.shrU(position, shift), i32.const(ahead));
        const first = i32.add(ofRow.get, i32.mul(column, i32.const(stride)));
        const { code, offset } = addressing(i32.add(start.get, position), ahead, context)(lanes.bytes);
        const below = i32x4.ltU(hashes.get, inAll(threshold));
        // From 2^32 on every hash lies below.
        const drawn =
          threshold >= 0x100000000
            ? passed
            : v128.and(lanes === doubles ? i64x2.extendLow(below) : below, passed);
        return [
          mixFour(i32x4.add(i32x4.splat(first), columnsAhead), hashes),
          lanes.store(count, code, drawn, address(name) + offset),
        ];
      }),
    ]),
  ];
}
