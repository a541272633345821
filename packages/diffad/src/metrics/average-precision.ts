import { ranked } from './ranked.ts';

/**
 * Area under the precision-recall curve without interpolation: Σ (R_k − R_{k−1}) P_k over distinct scores, highest first.
 * `labels` are 0 or 1; throws where no label is 1. Spec 7.1.
 */
export function averagePrecision(scores: ArrayLike<number>, labels: ArrayLike<number>): number {
  let area = 0;
  let before = 0;
  const { positives } = ranked('averagePrecision', scores, labels, ({ truePositives, falsePositives }) => {
    area += ((truePositives - before) * truePositives) / (truePositives + falsePositives);
    before = truePositives;
  });
  if (positives === 0) throw new RangeError('averagePrecision: no label is 1');
  return area / positives;
}
