import { Rng } from '@diffad/tensor-core';
import { toRgb } from '../image/channels.ts';
import { dihedral } from '../image/dihedral.ts';
import type { Image, Mask } from '../image/image.ts';
import { resize } from '../image/resize.ts';
import { rotate } from '../image/rotate.ts';
import { restore, type StoredImage } from '../image/stored-image.ts';
import { type SimulationOptions, simulateAnomaly } from './simulate-anomaly.ts';
import { proceduralTexture } from './textures.ts';
import { type Variation, vary } from './vary.ts';

/** A normal picture, the same with a simulated defect, and where the defect lies. All of one size. */
export interface Simulated {
  readonly normal: Image;
  readonly image: Image;
  readonly mask: Mask;
}

export interface SimulatedOptions extends SimulationOptions {
  /** Side of the square pictures made, in pixels. */
  readonly size: number;
  /** Share of normals that are rotated, and by how many degrees at most. */
  readonly rotation: { readonly probability: number; readonly degrees: number };
  /** Random quarter turns and mirrorings. */
  readonly dihedral: boolean;
  /** Beyond the paper: light, distance and noise of normals; default none. */
  readonly variation?: Variation;
}

/**
 * Training picture `index`, from (seed, index) alone: the same in every runtime, in any order. Spec 2.
 * `normals` are [H, W, 1 or 3] with both sides at least `size`; larger ones give random windows. Without `textures` made-up ones are pasted.
 */
export function simulated(
  seed: number,
  index: number,
  normals: readonly StoredImage[],
  textures: readonly Image[],
  options: SimulatedOptions,
): Simulated {
  const rng = new Rng(seed).fork(index);
  const normal = drawNormal(normals, options, rng);
  const texture = drawTexture(textures, options.size, rng);
  return { normal, ...simulateAnomaly(normal, texture, rng, options) };
}

function drawNormal(normals: readonly StoredImage[], options: SimulatedOptions, rng: Rng): Image {
  const { size, rotation, variation } = options;
  const whole = window(rng.choice(normals), size, rng);
  const mirrored = options.dihedral ? dihedral(whole, rng.int(0, 8)) : whole;
  const turned =
    rng.uniform() < rotation.probability
      ? rotate(mirrored, rng.uniform(-rotation.degrees, rotation.degrees))
      : mirrored;
  return variation && variation.probability > 0 && rng.uniform() < variation.probability
    ? vary(turned, variation, rng)
    : turned;
}

function drawTexture(textures: readonly Image[], size: number, rng: Rng): Image {
  return textures.length > 0 ? resize(rng.choice(textures), size, size, 'area') : proceduralTexture(size, rng);
}

/** A random square of `size` pixels, in three channels; all of a picture of that size. */
function window(image: StoredImage, size: number, rng: Rng): Image {
  if (image.width === size && image.height === size) return toRgb(restore(image));
  const x = rng.int(0, image.width - size + 1);
  const y = rng.int(0, image.height - size + 1);
  return toRgb(restore(image, { x, y, width: size, height: size }));
}
