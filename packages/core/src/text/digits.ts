/**
 * Binary floating-point numbers in decimal digits, by exact integer arithmetic: the method of Steele and White
 * (How to Print Floating-Point Numbers Accurately, PLDI 1990) in the free and the fixed format that NumPy's
 * "Dragon4" offers. Python's repr asks for the free format only.
 */

export type FloatType = "float64" | "float32";

/** The number `digits × 10^place`; `digits` has no leading zero unless it is "0". */
export interface Decimal {
  readonly digits: string;
  readonly place: number;
}

/**
 * How many digits to write after the decimal point (`from: "point"`) or after the first digit (`from: "first"`).
 * Between `least` and `most` of them, digits end as soon as they tell the number from its neighbours.
 */
export interface Cut {
  readonly from: "point" | "first";
  readonly least: number;
  readonly most: number;
}

/** The fewest digits that give the number back when read: what Python's repr shows. */
export const shortest: Cut = { from: "first", least: 0, most: Number.POSITIVE_INFINITY };

/** A number is `significand × 2^exponent`; the exponent is the stored field minus `bias`. */
const formats = {
  float64: { fractionBits: 52n, bias: 1075 },
  float32: { fractionBits: 23n, bias: 150 },
} as const satisfies Record<FloatType, { fractionBits: bigint; bias: number }>;

const scratch = new DataView(new ArrayBuffer(8));

function storedBits(value: number, type: FloatType): bigint {
  if (type === "float32") {
    scratch.setFloat32(0, value);
    return BigInt(scratch.getUint32(0));
  }
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}

function powerOfTen(exponent: number): bigint {
  return BigInt(`1${"0".repeat(exponent)}`);
}

/**
 * A positive number seen at a decimal place, everything exact: the number is `value / unit × 10^place`, and all
 * reals from `below` under it to `above` over it round to it. Those two ends themselves do so if `ends`.
 */
interface Interval {
  readonly value: bigint;
  readonly unit: bigint;
  readonly below: bigint;
  readonly above: bigint;
  readonly ends: boolean;
}

function interval(positive: number, type: FloatType, place: number): Interval {
  const { fractionBits, bias } = formats[type];
  const bits = storedBits(positive, type);
  const one = 1n << fractionBits;
  const fraction = bits & (one - 1n);
  const field = Number(bits >> fractionBits);
  const significand = field === 0 ? fraction : one | fraction;
  const exponent = (field === 0 ? 1 : field) - bias;

  // In quarters of the last binary place, half the gap to a neighbour is 2. Under a power of two it is 1,
  // because the neighbour below has an exponent one smaller (there is none smaller than field 1's).
  const powerOfTwo = fraction === 0n && field > 1;
  let up = 1n << BigInt(Math.max(exponent, 0));
  let unit = 4n << BigInt(Math.max(-exponent, 0));
  if (place < 0) up *= powerOfTen(-place);
  else unit *= powerOfTen(place);

  return {
    value: significand * 4n * up,
    unit,
    below: (powerOfTwo ? 1n : 2n) * up,
    above: 2n * up,
    ends: (significand & 1n) === 0n, // reading rounds ties to the even significand
  };
}

/**
 * The exponent of a positive number's first digit. 40 further digits are enough that rounding them never
 * carries into the next power of ten: no float64 comes that close to one without reaching it.
 */
function leadingPlace(positive: number): number {
  return Number(positive.toExponential(40).split("e")[1]);
}

/**
 * The digits of a finite number, its sign aside. Where `cut` ends them early they are rounded from the exact
 * binary value, ties to the even digit (0.5 without decimals is 0, 1.5 is 2).
 */
export function decimal(value: number, type: FloatType, cut: Cut): Decimal {
  if (value === 0) return { digits: "0", place: 0 };
  const positive = Math.abs(value);
  const first = leadingPlace(positive);
  const origin = cut.from === "first" ? first : 0;
  const enough = origin - cut.least;
  const last = origin - cut.most;

  // A number smaller than the last place starts (and ends) there, as 0 or rounded up to 1.
  let place = Math.max(first, last);
  let { value: rest, unit, below, above, ends } = interval(positive, type, place);
  let digits = 0n;
  while (true) {
    const digit = rest / unit;
    rest -= digit * unit;
    digits = digits * 10n + digit;

    // Do the digits so far, or the digits so far plus one, already lie within the number's interval?
    const low = rest < below || (ends && rest === below);
    const high = rest + above > unit || (ends && rest + above === unit);
    if (place === last || ((low || high) && place <= enough)) {
      const half = 2n * rest - unit;
      const nearer = half > 0n || (half === 0n && (digit & 1n) === 1n);
      if (low === high ? nearer : high) digits += 1n;
      return { digits: digits.toString(), place };
    }

    rest *= 10n;
    below *= 10n;
    above *= 10n;
    place -= 1;
  }
}

/** The parts of a number written without an exponent: `whole.fraction`, the fraction without closing zeros. */
export function positional({ digits, place }: Decimal): { whole: string; fraction: string } {
  if (place >= 0) return { whole: digits === "0" ? "0" : digits + "0".repeat(place), fraction: "" };
  const padded = digits.padStart(1 - place, "0");
  return { whole: padded.slice(0, place), fraction: padded.slice(place).replace(/0+$/, "") };
}

/** The parts of a number written with an exponent: `whole.fraction × 10^exponent`, no closing zeros. */
export function scientific({ digits, place }: Decimal): {
  whole: string;
  fraction: string;
  exponent: number;
} {
  return {
    whole: digits[0]!,
    fraction: digits.slice(1).replace(/0+$/, ""),
    exponent: place + digits.length - 1,
  };
}

/** An exponent as C prints it: signed, with at least `width` digits. */
export function signedExponent(exponent: number, width = 2): string {
  return (exponent < 0 ? "-" : "+") + String(Math.abs(exponent)).padStart(width, "0");
}

/** "-" for negative numbers and for −0. */
export function sign(value: number): "-" | "" {
  return value < 0 || Object.is(value, -0) ? "-" : "";
}
