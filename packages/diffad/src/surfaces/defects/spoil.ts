import type { Rng } from '@diffad/tensor-core';
import { createMask, type Image, type Mask } from '../../image/image.ts';

/** A spoiled picture and where it is spoiled. */
export interface Spoiled {
  readonly image: Image;
  readonly mask: Mask;
}

/** Spoils a square picture [size, size, 3]; its own pixels stay as they are. */
export type Defect = (image: Image, rng: Rng) => Spoiled;

/** What a defect does at pixel (x, y): how much of the surface it covers, in [0, 1], and what an old value of channel c becomes. */
export interface Touch {
  readonly cover: number;
  readonly colour: (old: number, channel: number) => number;
}

/** Applies a defect to every pixel. The mask holds those that are covered by half at least. */
export function spoil(image: Image, touch: (x: number, y: number) => Touch | null): Spoiled {
  const { width, height, channels } = image;
  const mask = createMask(width, height);
  const data = image.data.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const touched = touch(x, y);
      if (!touched || touched.cover <= 0) continue;
      const share = Math.min(1, touched.cover);
      if (share >= 0.5) mask.data[y * width + x] = 1;
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        const old = data[at] as number;
        data[at] = Math.min(1, Math.max(0, old + share * (touched.colour(old, c) - old)));
      }
    }
  return { image: { ...image, data }, mask };
}
