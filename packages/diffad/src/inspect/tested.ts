import { GOOD } from '../data/dataset.ts';
import { createMask, type Image, type Mask } from '../image/image.ts';
import { fitFrame } from '../image/letterbox.ts';
import { type MaskMode, resizeMask } from '../image/mask.ts';
import { resize } from '../image/resize.ts';
import type { Judged, JudgeOptions } from './judge.ts';

/** A picture with what is known of it; `mask` at the picture's own size, null where the data set has none. */
export interface Labelled {
  readonly path: string;
  readonly kind: string;
  readonly image: Image;
  readonly mask: Mask | null;
}

/** What an evaluation keeps of a judged picture. The redrawing is there to be looked at: at most 256 px a side. */
export type Kept = Pick<Judged, 'score' | 'logit' | 'reconstruction' | 'interpolation'>;

/** One judged test picture, its mask at the resolution of the logits. */
export interface Tested extends Omit<Labelled, 'image' | 'mask'> {
  readonly judged: Kept;
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

/** What is kept of a labelled picture once it is judged. */
export function keep({ path, kind, mask }: Labelled, judged: Judged, mode: MaskMode): Tested {
  const { score, logit, reconstruction, interpolation } = judged;
  const { width, height } = logit;
  return {
    path,
    kind,
    judged: {
      score,
      logit,
      reconstruction: shown(reconstruction),
      interpolation: interpolation && shown(interpolation),
    },
    mask: mask ? resizeMask(mask, width, height, mode) : createMask(width, height),
    labelled: kind === GOOD || mask !== null,
  };
}

/** Pixels a side of the largest pictures that are shown. */
export const SHOWN_SIDE = 256;

function shown(image: Image): Image {
  if (Math.max(image.width, image.height) <= SHOWN_SIDE) return image;
  const { width, height } = fitFrame(image, SHOWN_SIDE, SHOWN_SIDE);
  return resize(image, width, height, 'area');
}
