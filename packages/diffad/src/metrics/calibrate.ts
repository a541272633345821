import { quantile } from './quantile.ts';

/** How a threshold was chosen; lives in the model. */
export interface Calibration {
  readonly threshold: number;
  /** Normal pictures out of a thousand expected at or above it. */
  readonly alarmsPer1000: number;
  /** Scores of the good pictures it was chosen from, ascending. */
  readonly scores: readonly number[];
  /** Whether the pictures were named to choose it by, after training; otherwise they are held-out normals. */
  readonly given?: boolean;
  /** `quantile`: read off the scores. `extrapolated`: too few for the rate; their upper half is continued as an exponential tail. */
  readonly method: 'quantile' | 'extrapolated';
}

/**
 * The threshold at which `alarmsPer1000` of a thousand normal pictures would be rejected, above 0 and below 500, judged by the scores
 * in [0, 1] of normals that training did not see. Throws RangeError below two scores.
 */
export function calibrate(scores: readonly number[], alarmsPer1000 = 10): Calibration {
  if (scores.length < 2)
    throw new RangeError(`calibrate: needs the scores of 2 normal pictures at least, got ${scores.length}`);
  if (!(alarmsPer1000 > 0 && alarmsPer1000 < 500))
    throw new RangeError(`calibrate: expected above 0 and below 500 alarms per 1000, got ${alarmsPer1000}`);
  const ascending = scores.toSorted((a, b) => a - b);
  const rate = alarmsPer1000 / 1000;
  const enough = scores.length * rate >= 1;
  const threshold = enough ? quantile(ascending, 1 - rate) : tail(ascending, rate);
  return { threshold, alarmsPer1000, scores: ascending, method: enough ? 'quantile' : 'extrapolated' };
}

/** P(score > t) = ½ exp(−(t − median) / e), e the mean excess of the upper half; at least just above the largest score. */
function tail(ascending: readonly number[], rate: number): number {
  const median = quantile(ascending, 0.5);
  const upper = ascending.filter((score) => score >= median);
  const excess = upper.reduce((sum, score) => sum + score - median, 0) / upper.length;
  const largest = ascending.at(-1) as number;
  const fitted = median + excess * Math.log(0.5 / rate);
  return Math.max(Math.min(fitted, (1 + largest) / 2), largest + 1e-6);
}
