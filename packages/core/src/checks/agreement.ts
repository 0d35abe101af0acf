/** Half a unit of the eighth digit that NumPy prints, and as much again for what was computed before it. */
export const printedDigits = 1e-8;

/** Below this share of an array's largest number lies what other orders of adding up may leave. */
const dust = 1e-7;

/**
 * The position of the first of `theirs` that is not `ours`, or undefined. The two may part by `tolerance` of the number's
 * size; or of 1, where NumPy prints the array without exponents and so with as many digits after the point for all. Zeros
 * of either sign agree, and so do two NaNs.
 */
export function firstParting(
  theirs: ArrayLike<number>,
  ours: ArrayLike<number>,
  tolerance: number,
): number | undefined {
  const unit = printsWithoutExponents(ours) || printsWithoutExponents(theirs) ? 1 : 0;
  const least = Math.max(unit, dust * sizes(ours).largest);
  for (let position = 0; position < ours.length; position++) {
    const [left, right] = [theirs[position]!, ours[position]!];
    if (left === right || (Number.isNaN(left) && Number.isNaN(right))) continue;
    if (!(Math.abs(left - right) <= tolerance * Math.max(Math.abs(right), least))) return position;
    if (!Number.isFinite(right)) return position;
  }
  return undefined;
}

/** NumPy's rule, as `text/elements.ts` has it. An array of zeros says nothing about its digits. */
function printsWithoutExponents(values: ArrayLike<number>): boolean {
  const { largest, smallest } = sizes(values);
  return largest > 0 && largest < 1e8 && smallest >= 1e-4 && largest / smallest <= 1000;
}

function sizes(values: ArrayLike<number>): { readonly largest: number; readonly smallest: number } {
  let largest = 0;
  let smallest = Number.POSITIVE_INFINITY;
  for (let position = 0; position < values.length; position++) {
    const size = Math.abs(values[position]!);
    if (size === 0 || !Number.isFinite(size)) continue;
    largest = Math.max(largest, size);
    smallest = Math.min(smallest, size);
  }
  return { largest, smallest };
}
