/** Where values lie along an axis, and which of them are marked. */
export interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Powers of a base, equally far apart; the ends are the powers that hold all values. */
export function logarithmic(values: readonly number[], from: number, to: number, base: 2 | 10 = 10): Scale {
  const power = (value: number) => Math.log(value) / Math.log(base);
  // A hair, since the logarithm of a power is not always whole.
  const low = Math.floor(power(Math.min(...values)) + 1e-9);
  const high = Math.max(low + 1, Math.ceil(power(Math.max(...values)) - 1e-9));
  const step = Math.ceil((high - low) / 8);
  const ticks: number[] = [];
  for (let each = low; each <= high; each += step) ticks.push(base ** each);
  return { at: (value) => from + ((power(value) - low) / (high - low)) * (to - from), ticks };
}

/** From 0 to a round number that is at least as large as all values, with marks at 1, 2 or 5 times a power of ten. */
export function linear(values: readonly number[], from: number, to: number, marks = 5): Scale {
  const most = Math.max(...values, Number.MIN_VALUE);
  const rough = most / marks;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough * (1 - 1e-9))!;
  const end = Math.ceil(most / step - 1e-9) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, k) => k * step);
  return { at: (value) => from + (value / end) * (to - from), ticks };
}
