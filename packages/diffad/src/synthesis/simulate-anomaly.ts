import { type Rng, ShapeError } from '@diffad/tensor-core';
import { createMask, type Image, type Mask, shapeOf } from '../image/image.ts';
import { augment } from './augment.ts';
import { perlinMask } from './perlin-mask.ts';

export interface SimulationOptions {
  /** Share of pictures that get a defect; default 0.5. */
  readonly probability?: number;
  /** Perlin cells per side are 2^0 to 2^this; default 5. */
  readonly perlinMaxExponent?: number;
  /** Largest weight of the original inside the mask; default 0.8. */
  readonly maxOpacity?: number;
}

/**
 * Pastes an augmented texture into a normal picture where a Perlin mask says: x_a = (1 − M) x + M ((1 − β) T + β x), β ~ U(0, maxOpacity).
 * Both [H, W, 3] in [0, 1] and of one size. The mask is empty where nothing was pasted. Spec 2.4; DRAEM.
 */
export function simulateAnomaly(
  image: Image,
  texture: Image,
  rng: Rng,
  { probability = 0.5, perlinMaxExponent = 5, maxOpacity = 0.8 }: SimulationOptions = {},
): { image: Image; mask: Mask } {
  const { width, height, channels } = image;
  if (texture.width !== width || texture.height !== height || texture.channels !== channels)
    throw new ShapeError(
      `simulateAnomaly: the picture is ${shapeOf(image)}, the texture ${shapeOf(texture)}; resize the texture`,
    );
  if (rng.uniform() >= probability) return { image, mask: createMask(width, height) };
  const mask = perlinMask(width, height, perlinMaxExponent, rng);
  const pasted = augment(texture, rng).data;
  const beta = rng.uniform(0, maxOpacity);
  const data = image.data.map((value, i) =>
    mask.data[Math.floor(i / channels)] ? (1 - beta) * (pasted[i] as number) + beta * value : value,
  );
  return { image: { ...image, data }, mask };
}
