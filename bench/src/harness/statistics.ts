/** What repeated measurements of one thing say about it. */
export interface Summary {
  readonly median: number;
  /** A quarter of the measurements lie below, a quarter above. */
  readonly lowerQuartile: number;
  readonly upperQuartile: number;
  readonly least: number;
  readonly most: number;
  readonly count: number;
}

/** Throws `RangeError` where there is nothing to summarize. */
export function summarize(values: readonly number[]): Summary {
  if (values.length === 0) throw new RangeError("there are no measurements");
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lowerQuartile: quantile(sorted, 0.25),
    upperQuartile: quantile(sorted, 0.75),
    least: sorted[0]!,
    most: sorted.at(-1)!,
    count: sorted.length,
  };
}

/**
 * A share's place among sorted numbers, between its neighbours in proportion: NumPy's default, Hyndman and Fan's definition 7.
 */
export function quantile(sorted: readonly number[], share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}

/**
 * How many times as much one has as the other: the summary of the ratios within each round, so that what slowed a whole round
 * down cancels. Rounds in which one of them did not take part do not count; where that is all of them, the medians are compared.
 */
export function ratio(
  ours: readonly (number | undefined)[],
  theirs: readonly (number | undefined)[],
): Summary {
  const ratios = ours.flatMap((mine, round) => {
    const other = theirs[round];
    return mine === undefined || other === undefined ? [] : [mine / other];
  });
  if (ratios.length > 0) return summarize(ratios);
  const median = (values: readonly (number | undefined)[]) =>
    summarize(values.filter((value) => value !== undefined)).median;
  return summarize([median(ours) / median(theirs)]);
}
