import { countLabels, countsByThreshold } from './ranking.ts';

/** Area under the ROC curve: the chance that a 1 scores above a 0, ties counting half. `labels` are 0 or 1, both must occur. Spec 7.1. */
export function auroc(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const { positives, negatives } = countLabels('auroc', labels);
  let [area, lastTrue, lastFalse] = [0, 0, 0];
  countsByThreshold('auroc', scores, labels, ({ truePositives, falsePositives }) => {
    area += ((falsePositives - lastFalse) * (truePositives + lastTrue)) / 2;
    [lastTrue, lastFalse] = [truePositives, falsePositives];
  });
  return area / (positives * negatives);
}
