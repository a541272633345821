import { countLabels, countsByThreshold } from './ranking.ts';

/** The largest F1 = 2 P R / (P + R) any threshold reaches, and that threshold, itself a score. An oracle: it knows the labels. Spec 7.1. */
export function bestF1(scores: ArrayLike<number>, labels: ArrayLike<number>): { f1: number; threshold: number } {
  const { positives } = countLabels('bestF1', labels);
  let best = { f1: 0, threshold: Number.POSITIVE_INFINITY };
  countsByThreshold('bestF1', scores, labels, ({ threshold, truePositives, falsePositives }) => {
    const f1 = (2 * truePositives) / (truePositives + falsePositives + positives);
    if (f1 > best.f1) best = { f1, threshold };
  });
  return { ...best, threshold: lowestFrom(scores, best.threshold) };
}

/** The lowest score that float32 rounds to `threshold` or above: the rounded one may lie above the score it stands for. */
function lowestFrom(scores: ArrayLike<number>, threshold: number): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number;
    if (score < lowest && Math.fround(score) >= threshold) lowest = score;
  }
  return lowest;
}
