import { preprocessOf } from '../config/preprocess-of.ts';
import { GOOD } from '../data/dataset.ts';
import { createMask, type Image, type Mask } from '../image/image.ts';
import type { MaskMode } from '../image/mask.ts';
import { preprocessMask } from '../image/preprocess.ts';
import type { Model } from '../model.ts';
import { type Judged, type JudgeOptions, judge, judgeAll, usesWindows } from './judge.ts';

/** A picture with what is known of it; `mask` at the picture's own size, null where the data set has none. */
export interface Labelled {
  readonly path: string;
  readonly kind: string;
  readonly image: Image;
  readonly mask: Mask | null;
}

/** One judged test picture, its mask at the resolution of the maps. */
export interface Tested extends Omit<Labelled, 'image' | 'mask'> {
  readonly judged: Judged;
  readonly mask: Mask;
  /** Whether its pixels have labels: it is normal, or has a mask. Others count for image metrics alone. */
  readonly labelled: boolean;
}

export interface EvaluateOptions extends JudgeOptions {
  /** Default `gt0.5`. */
  readonly maskMode?: MaskMode;
  readonly onProgress?: (done: number, total: number) => void;
}

const BATCH = 8;

/** Judges every test picture. */
export async function testAll(
  model: Model,
  pictures: readonly Labelled[],
  mode: MaskMode,
  options: EvaluateOptions,
): Promise<Tested[]> {
  const windows = usesWindows(model, options);
  const step = windows ? 1 : BATCH;
  const tested: Tested[] = [];
  for (let at = 0; at < pictures.length; at += step) {
    const group = pictures.slice(at, at + step);
    const images = group.map(({ image }) => image);
    const judged = windows ? [await judge(model, images[0] as Image, options)] : await judgeAll(model, images, options);
    for (const [i, { path, kind, mask }] of group.entries()) {
      const result = judged[i] as Judged;
      tested.push({
        path,
        kind,
        judged: result,
        mask: maskFor(mask, result, model, windows, mode),
        labelled: kind === GOOD || mask !== null,
      });
    }
    options.onProgress?.(tested.length, pictures.length);
  }
  return tested;
}

function maskFor(mask: Mask | null, { logit }: Judged, { config }: Model, windows: boolean, mode: MaskMode): Mask {
  if (!mask) return createMask(logit.width, logit.height);
  return windows ? mask : preprocessMask(mask, preprocessOf(config), mode);
}
