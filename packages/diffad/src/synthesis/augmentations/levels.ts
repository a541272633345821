import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../../image/image.ts';

/** Maps every 8-bit value 0..255 of channel c through `curve(value, c)`. */
export function mapLevels(image: Image, curve: (value: number, channel: number) => number): Image {
  const { channels } = image;
  const table = Array.from({ length: channels }, (_, c) =>
    Float32Array.from({ length: 256 }, (_, value) => Math.min(255, Math.max(0, curve(value, c))) / 255),
  );
  const data = image.data.map(
    (value, i) => table[i % channels]?.[Math.round(Math.min(1, Math.max(0, value)) * 255)] ?? 0,
  );
  return { ...image, data };
}

/** 255 · (v / 255)^γ, γ ~ U(0.5, 2) per channel, cut to whole levels. */
export function gamma(image: Image, rng: Rng): Image {
  const exponents = Array.from({ length: image.channels }, () => rng.uniform(0.5, 2));
  return mapLevels(image, (value, c) => Math.floor(255 * (value / 255) ** (exponents[c] as number)));
}

/** With probability one half, inverts the levels at and above a threshold in [32, 128). */
export function solarize(image: Image, rng: Rng): Image {
  const threshold = rng.uniform(32, 128);
  if (rng.uniform() >= 0.5) return image;
  return mapLevels(image, (value) => (value >= threshold ? 255 - value : value));
}

/** Keeps the 1 to 8 highest bits of every value. */
export function posterize(image: Image, rng: Rng): Image {
  const step = 2 ** (8 - rng.int(1, 9));
  return mapLevels(image, (value) => Math.floor(value / step) * step);
}

export const invert = (image: Image): Image => mapLevels(image, (value) => 255 - value);
