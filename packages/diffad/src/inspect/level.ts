import type { Image, Mask } from '../image/image.ts';
import { crop, type Frame } from '../image/letterbox.ts';
import { valuesWithin } from '../image/region.ts';
import { quantile } from '../metrics/quantile.ts';
import type { Model } from '../model.ts';

/** The median logit [H, W, 1] of a picture inside its region of interest: the level on which its defects stand out. */
export const levelOf = (logit: Image, region: Mask | null = null): number =>
  quantile(valuesWithin(logit, region).toSorted(), 0.5);

/**
 * Logits [H, W, 1] less `scoring.background` times what their level exceeds the usual one by: a picture whose logits are higher all over
 * was taken in another light, say, and is not defective all over. Its level is that of the frame where it lies. As they are before
 * `usualLevel` is measured. Not in the paper.
 */
export function levelled(logit: Image, frame: Frame, { config, usualLevel }: Model, region: Mask | null = null): Image {
  if (usualLevel === null) return logit;
  const excess = config.scoring.background * (levelOf(crop(logit, frame), region) - usualLevel);
  return { ...logit, data: logit.data.map((value) => value - excess) };
}
