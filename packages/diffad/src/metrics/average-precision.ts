import { countLabels, countsByThreshold } from './ranking.ts';

/**
 * Area under the precision-recall curve without interpolation: Σ (R_k − R_{k−1}) P_k over distinct scores, highest first.
 * `labels` are 0 or 1, both must occur. Spec 7.1.
 */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  const { positives } = countLabels('averagePrecision', labels);
  let [area, last] = [0, 0];
  countsByThreshold('averagePrecision', scores, labels, ({ truePositives, falsePositives }) => {
    area += ((truePositives - last) * truePositives) / (truePositives + falsePositives);
    last = truePositives;
  });
  return area / positives;
}
