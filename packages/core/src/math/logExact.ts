/**
 * The natural logarithm, correctly rounded: of all doubles, the one nearest to log(x).
 *
 * Two steps, after Ziv ("Fast evaluation of elementary mathematical functions with correctly rounded last
 * bit", ACM TOMS 17, 1991): a quick one in pairs of doubles, good to about 100 bits, which answers unless the
 * true value lies too near the middle between two doubles; then a patient one in whole numbers with 256
 * bits behind the point. No logarithm of a double needs more than about 118 bits to be rounded
 * (Lefèvre & Muller, "Worst cases for correct rounding of the elementary functions in double precision",
 * ARITH-15, 2001), so the second step always answers rightly.
 *
 * Both use x = 2^k m with m near 1, and s = (m - 1) / (m + 1), for which
 *
 *     log x = k log 2 + 2 (s + s³/3 + s⁵/5 + …)          (2 artanh s = log m)
 */

/** Bits behind the point of the patient step's whole numbers. */
const fractionBits = 256n;
const one = 1n << fractionBits;

/** 2 artanh(s), for a fixed-point s with |s| <= 1/3; the error is below 2^-247. */
function fixedTwiceArtanh(s: bigint): bigint {
  const square = (s * s) >> fractionBits;
  let sum = 0n;
  let power = s;
  // Shifting a negative number rounds it down, never to 0: the sign decides when a term has vanished.
  for (let odd = 1n; power !== 0n && power !== -1n; odd += 2n) {
    sum += power / odd;
    power = (power * square) >> fractionBits;
  }
  return 2n * sum;
}

/** log 2 = 2 artanh(1/3), because (2 - 1) / (2 + 1) = 1/3. */
const fixedLog2 = fixedTwiceArtanh(one / 3n);

/** log(2^k m), rounded to the nearest double, for m of at most 53 bits. */
function patientLog(k: number, m: number): number {
  const mantissa = BigInt(m * 0x20000000000000); // m 2^53 is a whole number
  const whole = 0x20000000000000n;
  const s = ((mantissa - whole) << fractionBits) / (mantissa + whole);
  // Number() rounds a whole number to the nearest double; dividing by a power of two is exact.
  return Number(BigInt(k) * fixedLog2 + fixedTwiceArtanh(s)) / Number(one);
}

// log 2 in three pieces, of 42, 42 and 53 bits: k times one of the first two is exact for every exponent k.
const pieceBits = 42n;
const pieceMask = (1n << pieceBits) - 1n;
const restBits = fractionBits - 2n * pieceBits;
const log2High = Number(fixedLog2 >> (fractionBits - pieceBits)) / Number(1n << pieceBits);
const log2Middle = Number((fixedLog2 >> restBits) & pieceMask) / Number(1n << (2n * pieceBits));
const log2Low = Number(fixedLog2 & ((1n << restBits) - 1n)) / Number(one);

/**
 * What rounding lost in `product` = fl(a b), exactly: a b = product + productError.
 * Veltkamp's split of each factor into halves of 26 bits and Dekker's sum of the four partial products
 * ("A floating-point technique for extending the available precision", Numerische Mathematik 18, 1971).
 */
function productError(a: number, b: number, product: number): number {
  const wideA = 134217729 * a; // 2^27 + 1
  const aHigh = wideA - (wideA - a);
  const aLow = a - aHigh;
  const wideB = 134217729 * b;
  const bHigh = wideB - (wideB - b);
  const bLow = b - bHigh;
  return aLow * bLow - (product - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** What rounding lost in `sum` = fl(a + b), exactly (Knuth, The Art of Computer Programming, 4.2.2). */
function sumError(a: number, b: number, sum: number): number {
  const bPart = sum - a;
  return a - (sum - bPart) + (b - bPart);
}

/**
 * The series z^0/3 + z/5 + z²/7 + … ends here: |s| <= 0.1716, so z = s² < 2^-5, and the first term left
 * out, z^21/45, is below 2^-110.
 */
const lastTerm = 21;
/** From this term on one double is enough: what its rounding loses is weighed by z^10 < 2^-50. */
const firstPlainTerm = 10;

/** 1/3, 1/5, 1/7, … (term t divides by 2t + 1), each as a double and the part that it lacks. */
const reciprocal = Array.from({ length: lastTerm + 1 }, (_, term) => 1 / (2 * term + 1));
const reciprocalRest = reciprocal.map((value, term) => {
  const divisor = 2 * term + 1;
  const product = value * divisor;
  return (1 - product - productError(value, divisor, product)) / divisor;
});

/**
 * The quick step's relative error is below 2^-101 for the division, 2^-103 for the series and 2^-102 for the
 * addition of k log 2, which at most halves the result; 2^-98 leaves room.
 */
const quickError = 1 / 0x40000000000000 / 0x100000000000; // 2^-54 2^-44

const root2 = Math.sqrt(2);

const bits = new DataView(new ArrayBuffer(8));

/**
 * The double nearest to the natural logarithm of x, for every x: log(1) is 0, log(0) and log(-0) are
 * -Infinity, log(Infinity) is Infinity, and NaN and negative numbers give NaN.
 */
export function logExact(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : Number.NaN;
  if (x === Infinity) return Infinity;
  if (x === 1) return 0;

  // x = 2^k m with m in [√½, √2). A subnormal number is first scaled by 2^54.
  const subnormal = x < 2.2250738585072014e-308;
  bits.setFloat64(0, subnormal ? x * 0x40000000000000 : x);
  const head = bits.getUint32(0);
  let k = (head >>> 20) - 1023 - (subnormal ? 54 : 0);
  bits.setUint32(0, (head & 0x000fffff) | 0x3ff00000);
  let m = bits.getFloat64(0);
  if (m > root2) {
    m /= 2;
    k += 1;
  }

  // s = (m - 1) / (m + 1) as sHigh + sLow. The numerator is exact, the denominator a pair; sLow is the
  // remainder of the first quotient, divided again.
  const numerator = m - 1;
  const denominator = m + 1;
  const denominatorLow = m - (denominator - 1);
  const quotient = numerator / denominator;
  const back = quotient * denominator;
  const remainder = numerator - back - productError(quotient, denominator, back) - quotient * denominatorLow;
  const correction = remainder / denominator;
  const sHigh = quotient + correction;
  const sLow = correction - (sHigh - quotient);

  // z = s²
  const zRaw = sHigh * sHigh;
  const zRest = productError(sHigh, sHigh, zRaw) + 2 * sHigh * sLow;
  const z = zRaw + zRest;
  const zLow = zRest - (z - zRaw);

  // series = 1/3 + z/5 + z²/7 + … by Horner's rule: first in one double, then in pairs.
  let series = 0;
  for (let term = lastTerm; term >= firstPlainTerm; term--) series = reciprocal[term]! + z * series;
  let seriesLow = 0;
  for (let term = firstPlainTerm - 1; term >= 1; term--) {
    const product = z * series;
    const productLow = productError(z, series, product) + (z * seriesLow + zLow * series);
    const constant = reciprocal[term]!;
    const sum = constant + product;
    const sumLow = product - (sum - constant) + (reciprocalRest[term]! + productLow);
    series = sum + sumLow;
    seriesLow = sumLow - (series - sum);
  }

  // log m = 2 (s + s z series)
  const zs = z * series;
  const zsLow = productError(z, series, zs) + (z * seriesLow + zLow * series);
  const bend = sHigh * zs;
  const bendLow = productError(sHigh, zs, bend) + (sHigh * zsLow + sLow * zs);
  const half = sHigh + bend;
  const halfLow = bend - (half - sHigh) + (sLow + bendLow);
  const logM = 2 * half;
  const logMLow = 2 * halfLow;

  // k log 2 + log m, largest parts first.
  const kHigh = k * log2High;
  const kMiddle = k * log2Middle;
  const top = kHigh + logM;
  const topLow = sumError(kHigh, logM, top);
  const middle = kMiddle + logMLow;
  const middleLow = sumError(kMiddle, logMLow, middle);
  const joined = topLow + middle;
  const joinedLow = sumError(topLow, middle, joined);
  const result = top + joined;
  const resultLow = joined - (result - top) + (joinedLow + middleLow + k * log2Low);

  // Ziv's test: does every number within the error of the pair round to the same double?
  const slack = Math.abs(result) * quickError;
  const above = result + (resultLow + slack);
  return above === result + (resultLow - slack) ? above : patientLog(k, m);
}
