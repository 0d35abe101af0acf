import type { Block, Dtype, Shape } from "../../src/shape/block.ts";
import { allocate, block, count, transposed } from "../../src/shape/block.ts";
import type { PrintOptions } from "../../src/text/array.ts";

/** A seeded generator of arrays that are awkward to print; the same arrays on every run. */

/** 32-bit integers from a Weyl sequence through a mixing function (Steele and others' SplitMix, 32-bit form). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = Math.imul(state ^ (state >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

export class Draw {
  private readonly next: () => number;

  constructor(seed: number) {
    this.next = chance(seed);
  }

  /** An integer from 0 to `end - 1`. */
  below(end: number): number {
    return this.next() % end;
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }

  unit(): number {
    return this.next() / 2 ** 32;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** Any float64 there is, by its bits. */
  bits(): number {
    return new Float64Array(Uint32Array.of(this.next(), this.next()).buffer)[0]!;
  }
}

/** Kinds of floats that arrays are made of; an array mixes one or two of them. */
const floats: ((draw: Draw) => number)[] = [
  (draw) => 2 * draw.unit() - 1,
  (draw) => draw.between(-9, 9),
  (draw) => draw.between(-2_000_000_000, 2_000_000_000),
  (draw) => draw.between(-999, 999) / 100,
  (draw) => draw.between(-999, 999) / draw.pick([8, 64, 1024, 2 ** 20]), // exact binary fractions: ties
  (draw) => (draw.between(-40, 40) * 2 + 1) / 2 ** draw.between(1, 12), // the digit 5 at the end
  (draw) => draw.between(1, 99) * 10 ** draw.between(-6, 10),
  (draw) => Number(`${draw.between(1, 9)}e${draw.between(-20, 20)}`),
  (draw) => Number(`${draw.between(1, 9999)}5e-${draw.between(6, 13)}`), // nearly ties at 8 decimals
  (draw) => Number(`0.${"9".repeat(draw.between(1, 17))}`) * draw.pick([1, 10, 1000, 1e6]), // carries
  (draw) => (draw.unit() - 0.5) * 10 ** draw.between(-320, 308),
  (draw) => (draw.unit() - 0.5) * 10 ** draw.between(-6, 9),
  (draw) => 2 ** draw.between(-1074, 1023), // uneven gaps to the neighbours
  (draw) => 2 ** draw.between(-30, 30),
  (draw) => draw.bits(),
  (draw) => draw.pick([0, -0]),
  (draw) => draw.pick([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]),
  (draw) => draw.pick([1e8, 99999999, 99999999.5, 1e16, 1e-4, 9.9999e-5, 0.00010001, 1e6, 999999.9375, 1000]),
  (draw) =>
    draw.pick([5e-324, Number.MAX_VALUE, 2.2250738585072014e-308, 1.401298464324817e-45, 3.4028234e38]),
];

export function floatOf(draw: Draw): number {
  return draw.pick(floats)(draw);
}

/** All powers of two and of ten, as float64 and as float32, each between its two neighbours. */
export function besidePowers(): number[] {
  const twos = Array.from({ length: 2098 }, (_, i) => 2 ** (i - 1074));
  const tens = Array.from({ length: 632 }, (_, i) => Number(`1e${i - 323}`));
  const doubles = new Float64Array([...twos, ...tens]);
  const singles = new Float32Array(doubles).filter((value) => value > 0 && Number.isFinite(value));
  const doubleBits = new BigUint64Array(doubles.buffer);
  const singleBits = new Uint32Array(singles.buffer);
  return [-1, 0, 1].flatMap((step) => [
    ...new Float64Array(doubleBits.map((bits) => bits + BigInt(step)).buffer),
    ...new Float32Array(singleBits.map((bits) => bits + step).buffer),
  ]);
}

function element(draw: Draw, dtype: Dtype, kinds: readonly ((draw: Draw) => number)[]): number {
  switch (dtype) {
    case "float64":
    case "float32":
      return draw.pick(kinds)(draw);
    case "int32":
      return draw.pick([0, 1, -1, draw.between(-99, 99), 2147483647, -2147483648, draw.between(0, 99999)]);
    case "uint8":
      return draw.below(draw.pick([2, 10, 256]));
    case "bool":
      return draw.below(2);
  }
}

const long: readonly Shape[] = [[1001], [1500], [40, 30], [3, 400], [500, 3], [7, 9, 20], [4, 4, 8, 9]];

function shapeOf(draw: Draw): Shape {
  if (draw.below(100) === 0) return draw.pick(long);
  const rank = draw.below(5);
  const largest = rank === 1 ? draw.pick([3, 30]) : rank === 2 ? draw.pick([4, 20]) : 4;
  return Array.from({ length: rank }, () => (draw.below(20) === 0 ? 0 : draw.between(1, largest)));
}

function optionsOf(draw: Draw): PrintOptions {
  if (draw.below(2) === 0) return {};
  return {
    precision: draw.pick([0, 1, 2, 3, 4, 7, 8, 9, 12, 17, 20]),
    threshold: draw.pick([0, 5, 20, 1000]),
    edgeitems: draw.between(1, 4),
    linewidth: draw.pick([1, 10, 20, 40, 75, 76, 120]),
    suppress: draw.below(2) === 0,
  };
}

/** An array to print: transposed views (in Fortran order), and some that skip elements or go backwards. */
function viewOf(draw: Draw, dtype: Dtype, shape: Shape): Block {
  const kinds = [draw.pick(floats), draw.pick(floats)];
  const fill = (size: Shape): Block => {
    const data = allocate(dtype, count(size));
    for (let i = 0; i < data.length; i++) data[i] = element(draw, dtype, kinds);
    return block(dtype, size, data);
  };
  switch (draw.below(4)) {
    case 0:
      return transposed(fill([...shape].reverse()));
    case 1: {
      const whole = fill(shape);
      const strides = whole.strides.map((stride) => -stride);
      return { ...whole, strides, offset: Math.max(0, whole.data.length - 1) };
    }
    default:
      return fill(shape);
  }
}

export interface Sample {
  readonly view: Block;
  readonly options: PrintOptions;
}

export function sampleOf(draw: Draw): Sample {
  const dtype = draw.pick(["float64", "float64", "float64", "float32", "float32", "int32", "uint8", "bool"]);
  return { view: viewOf(draw, dtype as Dtype, shapeOf(draw)), options: optionsOf(draw) };
}
