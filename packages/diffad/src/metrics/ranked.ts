/** Counts of everything scored at or above a threshold. */
export interface Counts {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Indices of `scores` from the highest to the lowest. NaN is refused. */
function descending(scores: ArrayLike<number>): Uint32Array {
  const keys = Float64Array.from(scores);
  if (keys.some(Number.isNaN)) throw new RangeError('a score is NaN');
  return Uint32Array.from(keys, (_, i) => i).sort((a, b) => (keys[b] as number) - (keys[a] as number));
}

/** Walks distinct scores from the highest to the lowest, ties as one group, and returns how many labels are 1 and 0. */
export function ranked(
  metric: string,
  scores: ArrayLike<number>,
  labels: ArrayLike<number>,
  visit: (counts: Counts) => void,
): { positives: number; negatives: number } {
  if (scores.length !== labels.length)
    throw new RangeError(`${metric}: ${scores.length} scores but ${labels.length} labels`);
  const order = descending(scores);
  let [truePositives, falsePositives] = [0, 0];
  for (let i = 0; i < order.length; i++) {
    const at = order[i] as number;
    if (labels[at]) truePositives++;
    else falsePositives++;
    const next = order[i + 1];
    const threshold = scores[at] as number;
    if (next === undefined || scores[next] !== threshold) visit({ threshold, truePositives, falsePositives });
  }
  return { positives: truePositives, negatives: falsePositives };
}
