import { GOOD } from '../data/dataset.ts';
import { createMask, type Image, type Mask } from '../image/image.ts';
import { type MaskMode, resizeMask } from '../image/mask.ts';
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
  /** Told how many pictures are done. */
  readonly onProgress?: (done: number) => void;
}

/** Judges labelled pictures: one at a time where the model judges windows, otherwise as one batch. */
export async function test(
  model: Model,
  group: readonly Labelled[],
  mode: MaskMode,
  options: JudgeOptions,
): Promise<Tested[]> {
  const windows = usesWindows(model, options);
  const images = group.map(({ image }) => image);
  const judged: Judged[] = [];
  if (windows) for (const image of images) judged.push(await judge(model, image, options));
  else judged.push(...(await judgeAll(model, images, options)));
  return group.map(({ path, kind, mask }, i) => {
    const result = judged[i] as Judged;
    return {
      path,
      kind,
      judged: result,
      mask: maskFor(mask, result, mode),
      labelled: kind === GOOD || mask !== null,
    };
  });
}

const maskFor = (mask: Mask | null, { logit: { width, height } }: Judged, mode: MaskMode): Mask =>
  mask ? resizeMask(mask, width, height, mode) : createMask(width, height);
