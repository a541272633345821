import { countLabels, countsByThreshold } from './ranking.ts';

/** The largest F1 = 2 P R / (P + R) any threshold reaches, and that threshold. An oracle: it knows the labels. Spec 7.1. */
export function bestF1(scores: ArrayLike<number>, labels: ArrayLike<number>): { f1: number; threshold: number } {
  const { positives } = countLabels('bestF1', labels);
  let best = { f1: 0, threshold: Number.POSITIVE_INFINITY };
  countsByThreshold('bestF1', scores, labels, ({ threshold, truePositives, falsePositives }) => {
    const f1 = (2 * truePositives) / (truePositives + falsePositives + positives);
    if (f1 > best.f1) best = { f1, threshold };
  });
  return best;
}
