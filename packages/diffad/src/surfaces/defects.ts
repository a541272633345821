import type { Rng } from '@diffad/tensor-core';
import { createMask, type Image, type Mask } from '../image/image.ts';
import { perlin } from '../synthesis/perlin.ts';

export interface Defective {
  readonly image: Image;
  readonly mask: Mask;
}

/** How strongly a defect covers pixel (x, y): 0 outside, 1 inside; and what the pixel becomes. */
interface Paint {
  readonly cover: (x: number, y: number) => number;
  readonly colour: (value: number, channel: number) => number;
}

function apply(image: Image, { cover, colour }: Paint): Defective {
  const { width, height, channels } = image;
  const mask = createMask(width, height);
  const data = image.data.slice();
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const share = Math.min(1, Math.max(0, cover(x, y)));
      if (share === 0) continue;
      mask.data[y * width + x] = share >= 0.5 ? 1 : 0;
      for (let c = 0; c < channels; c++) {
        const at = (y * width + x) * channels + c;
        const old = data[at] as number;
        data[at] = Math.min(1, Math.max(0, old + share * (colour(old, c) - old)));
      }
    }
  return { image: { ...image, data }, mask };
}

/** A bent line, bright or dark, a few pixels wide at 128 px. */
function scratch(image: Image, rng: Rng): Defective {
  const size = image.width;
  const angle = rng.uniform(0, Math.PI);
  const [x0, y0] = [rng.uniform(0.3, 0.7) * size, rng.uniform(0.3, 0.7) * size];
  const half = rng.uniform(0.15, 0.35) * size;
  const width = rng.uniform(0.012, 0.025) * size;
  const bend = rng.uniform(-0.15, 0.15);
  const level = rng.uniform() < 0.5 ? 0.95 : 0.08;
  return apply(image, {
    cover: (x, y) => {
      const along = (x - x0) * Math.cos(angle) + (y - y0) * Math.sin(angle);
      const away = (y - y0) * Math.cos(angle) - (x - x0) * Math.sin(angle) - (bend * along * along) / half;
      return Math.abs(along) > half ? 0 : width + 0.5 - Math.abs(away);
    },
    colour: () => level,
  });
}

/** A stain with a soft, uneven edge. */
function spot(image: Image, rng: Rng): Defective {
  const size = image.width;
  const [x0, y0] = [rng.uniform(0.2, 0.8) * size, rng.uniform(0.2, 0.8) * size];
  const radius = rng.uniform(0.05, 0.12) * size;
  const edge = perlin(size, size, 8, 8, rng).data;
  const tint = [rng.uniform(0.05, 0.9), rng.uniform(0.05, 0.7), rng.uniform(0.05, 0.5)];
  return apply(image, {
    cover: (x, y) =>
      (radius * (1 + 0.5 * (edge[y * size + x] as number)) - Math.hypot(x - x0, y - y0)) / (0.02 * size) + 0.5,
    colour: (old, c) => 0.25 * old + 0.75 * (tint[c] as number),
  });
}

/** A corner or edge broken off: the dark ground shows. */
function missing(image: Image, rng: Rng): Defective {
  const size = image.width;
  const angle = rng.uniform(0, 2 * Math.PI);
  const depth = rng.uniform(0.1, 0.2) * size;
  const edge = perlin(size, size, 8, 8, rng).data;
  const reach = (size / 2) * (Math.abs(Math.cos(angle)) + Math.abs(Math.sin(angle))) - depth;
  return apply(image, {
    cover: (x, y) =>
      (x - size / 2) * Math.cos(angle) +
      (y - size / 2) * Math.sin(angle) -
      reach +
      0.06 * size * (edge[y * size + x] as number),
    colour: () => 0.06,
  });
}

/** Ways to spoil a picture [H, W, 3], each with the mask of what it changed. */
export const defects: Readonly<Record<string, (image: Image, rng: Rng) => Defective>> = { scratch, spot, missing };
