import type { Rng } from '@diffad/tensor-core';
import { type Image, toByte } from '../image/image.ts';
import { rotate } from '../image/rotate.ts';
import { brightness } from './augmentations/brightness.ts';
import { autocontrast, equalize } from './augmentations/histogram.ts';
import { hueSaturation } from './augmentations/hue-saturation.ts';
import { gamma, invert, posterize, solarize } from './augmentations/levels.ts';
import { sharpness } from './augmentations/sharpness.ts';

/** A change of a texture [H, W, 3]; values stay in [0, 1]. */
export type Augmentation = (texture: Image, rng: Rng) => Image;

const turn: Augmentation = (texture, rng) => rotate(texture, rng.uniform(-45, 45));

/** The ten of spec 2.3, in its order. */
export const augmentations: readonly Augmentation[] = [
  gamma,
  brightness,
  sharpness,
  hueSaturation,
  solarize,
  posterize,
  invert,
  autocontrast,
  equalize,
  turn,
];

/** Three distinct augmentations, drawn and applied in random order, each rounded to 8 bits as the reference does. */
export const augment = (texture: Image, rng: Rng): Image =>
  rng
    .shuffle(augmentations)
    .slice(0, 3)
    .reduce((image, change) => quantised(change(image, rng)), texture);

const quantised = (image: Image): Image => ({ ...image, data: image.data.map((value) => toByte(value) / 255) });
