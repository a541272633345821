import type { Calibration } from './calibrate.ts';

/** The pictures that chose a threshold. */
export const calibratedBy = ({ given }: Calibration): string =>
  given ? 'good pictures given to diffad calibrate' : 'held-out normal pictures';

/** What a threshold rests on, in words for people. */
export function describeCalibration(calibration: Calibration): string {
  const { threshold, alarmsPer1000, method, scores, given } = calibration;
  const how =
    method === 'quantile' ? 'read off their scores' : 'extrapolated from their scores, which are too few for the rate';
  const never = given ? '' : ', never from the test set';
  return `Threshold ${threshold.toFixed(3)}: ${alarmsPer1000} false alarms per 1000 normal pictures expected, ${how}. Chosen from ${scores.length} ${calibratedBy(calibration)}${never}.`;
}
