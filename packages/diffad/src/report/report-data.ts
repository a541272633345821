import type { Evaluation } from '../inspect/evaluate.ts';
import type { Calibration } from '../metrics/calibrate.ts';
import type { Point } from '../metrics/curves.ts';
import type { MetricsRecord } from '../train/train.ts';

export interface ScoredPicture {
  readonly path: string;
  readonly kind: string;
  readonly score: number;
}

/** A picture with its panel as a data URI. */
export interface ShownPicture extends ScoredPicture {
  readonly verdict: 'OK' | 'NG';
  readonly panel: string;
}

/** Everything a report shows; pictures are data URIs, so that the file stands alone. */
export interface ReportData {
  readonly title: string;
  /** Name and value: adapter, data, preset, sizes. */
  readonly setup: readonly (readonly [string, string])[];
  readonly metrics: readonly MetricsRecord[];
  /** Null where the data set has no test pictures to evaluate on; then there are no curves and no pictures. */
  readonly evaluation: Evaluation | null;
  readonly calibration: Calibration | null;
  /** Of the test pictures; of the held-out normals where nothing was evaluated. */
  readonly scores: readonly ScoredPicture[];
  readonly curves: {
    readonly roc: readonly Point[];
    readonly precisionRecall: readonly Point[];
    readonly pro: readonly Point[];
  };
  /** The worst misses first: wrong verdicts by their distance from the threshold, then the rest. */
  readonly pictures: readonly ShownPicture[];
  /** How the reconstruction forms, as a data URI; null for methods that do not sample. */
  readonly samplingStrip: string | null;
}
