/** Median and quartiles of a sample. */
export interface Summary {
  readonly lower: number;
  readonly median: number;
  readonly upper: number;
  readonly count: number;
}

/** The p-quantile, 0 <= p <= 1, linear between order statistics (Hyndman and Fan, 1996, type 7). Throws on no values. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('quantile: no values');
  const sorted = [...values].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const below = sorted[Math.floor(place)] as number;
  const above = sorted[Math.ceil(place)] as number;
  return below + (place - Math.floor(place)) * (above - below);
}

export const summarise = (values: readonly number[]): Summary => ({
  lower: quantile(values, 0.25),
  median: quantile(values, 0.5),
  upper: quantile(values, 0.75),
  count: values.length,
});
