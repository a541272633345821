import { type Box, boxesFromMask } from '../image/boxes.ts';
import { createMask, type Image, type Mask } from '../image/image.ts';
import { probabilityOf } from '../image/probability.ts';
import { resize } from '../image/resize.ts';
import { thresholdMap } from '../image/threshold.ts';
import type { Model } from '../model.ts';
import { type JudgeOptions, judge, judgeAll, usesWindows } from './judge.ts';
import type { Kept } from './tested.ts';

export interface InspectOptions extends JudgeOptions {
  /** Overrides the model's calibrated threshold, which was chosen with the model's own settings. */
  readonly threshold?: number;
}

/** What is known of an inspected picture; map, mask and boxes at its own size. */
export interface Inspection {
  /** In [0, 1]; the verdict is whether it reaches the threshold. */
  readonly score: number;
  readonly threshold: number;
  readonly verdict: 'OK' | 'NG';
  /** Anomaly probability per pixel [H, W, 1]. */
  readonly map: Image;
  /** Pixels at or above the threshold; none where the verdict is OK. */
  readonly mask: Mask;
  /** Around connected pixels of the mask, the largest first. */
  readonly boxes: readonly Box[];
  /** The picture redrawn as if it were normal, RGB, at the resolution the networks see it. */
  readonly reconstruction: Image;
  /** Half way between picture and reconstruction; null in variants without it. */
  readonly interpolation: Image | null;
}

/**
 * Judges one picture of any size, RGB or grey in [0, 1]. Deterministic: the start noise comes from a fixed seed.
 * Throws RangeError where the model has no threshold and none is given.
 */
export async function inspect(model: Model, picture: Image, options: InspectOptions = {}): Promise<Inspection> {
  return conclude(await judge(model, picture, options), picture, thresholdOf(model, options));
}

/** Judges pictures of any sizes, several at a time where the model squeezes them to its own size. */
export async function inspectAll(
  model: Model,
  pictures: readonly Image[],
  options: InspectOptions = {},
): Promise<Inspection[]> {
  const threshold = thresholdOf(model, options);
  if (!usesWindows(model, options)) {
    const judged = await judgeAll(model, pictures, options);
    return judged.map((one, i) => conclude(one, pictures[i] as Image, threshold));
  }
  const found: Inspection[] = []; // one at a time: maps are as large as pictures
  for (const picture of pictures) found.push(await inspect(model, picture, options));
  return found;
}

/** The limit pictures are judged by. Throws RangeError where the model has none and none is given. */
export function thresholdOf(model: Model, { threshold = model.calibration?.threshold }: InspectOptions): number {
  if (threshold === undefined)
    throw new RangeError('inspect: the model has no threshold; train it to the end, or give one');
  return threshold;
}

/** The verdict on a judged picture, at the picture's own size. */
export function conclude(judged: Kept, { width, height }: Image, threshold: number): Inspection {
  const { score, logit, reconstruction, interpolation } = judged;
  const map = resize(probabilityOf(logit), width, height);
  const verdict = score >= threshold ? 'NG' : 'OK';
  const mask = verdict === 'NG' ? thresholdMap(map, threshold) : createMask(width, height);
  return { score, threshold, verdict, map, mask, boxes: boxesFromMask(mask), reconstruction, interpolation };
}
