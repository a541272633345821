import type { Image } from '../image/image.ts';
import { crop, type Frame } from '../image/letterbox.ts';
import { quantile } from '../metrics/quantile.ts';
import type { Model } from '../model.ts';

/** The median logit of a picture, over the part of the map [H, W, 1] where it lies: the level on which its defects stand out. */
export const levelOf = (logit: Image, frame: Frame): number => quantile(crop(logit, frame).data.sort(), 0.5);

/**
 * Logits [H, W, 1] less `scoring.background` times what their level exceeds the usual one by: a picture whose logits are higher all over
 * was taken in another light, say, and is not defective all over. As they are before `usualLevel` is measured. Not in the paper.
 */
export function levelled(logit: Image, frame: Frame, { config, usualLevel }: Model): Image {
  if (usualLevel === null) return logit;
  const excess = config.scoring.background * (levelOf(logit, frame) - usualLevel);
  return { ...logit, data: logit.data.map((value) => value - excess) };
}
