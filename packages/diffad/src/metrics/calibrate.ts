/** How a threshold was chosen; lives in the model. */
export interface Calibration {
  readonly threshold: number;
  /** Normal pictures out of a thousand expected at or above it. */
  readonly alarmsPer1000: number;
  /** Scores of the good pictures it was chosen from, ascending. */
  readonly scores: readonly number[];
  /** Whether the pictures were named to choose it by, after training; otherwise they are held-out normals. */
  readonly given?: boolean;
  /** `quantile`: read off the scores. `extrapolated`: too few for the rate; an exponential tail is fitted to their upper half. */
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
  const allowed = Math.floor(((scores.length + 1) * alarmsPer1000) / 1000);
  const enough = allowed >= 1;
  // The next score is as likely to stand in any of the n + 1 places between these.
  const threshold = enough ? (ascending.at(-allowed) as number) : tail(ascending, alarmsPer1000 / 1000);
  return { threshold, alarmsPer1000, scores: ascending, method: enough ? 'quantile' : 'extrapolated' };
}

/**
 * Of n scores k stand above the lower median, the next one with probability p = (k + 1) / (n + 1). Where scores above it fall off
 * exponentially, it exceeds the median by more than x with probability p (1 + x / Σ)^−k, Σ the sum of the k excesses: the Lomax
 * distribution, which knows that few scores say little of the tail. At least just above the largest score, else at most half way from it to 1.
 */
function tail(ascending: readonly number[], rate: number): number {
  const n = ascending.length;
  const k = Math.floor(n / 2);
  const median = ascending.at(-k - 1) as number;
  const sum = ascending.slice(-k).reduce((excess, score) => excess + score - median, 0);
  const fitted = median + sum * (((k + 1) / (n + 1) / rate) ** (1 / k) - 1);
  const largest = ascending.at(-1) as number;
  return Math.max(Math.min(fitted, (1 + largest) / 2), largest + 1e-6);
}
