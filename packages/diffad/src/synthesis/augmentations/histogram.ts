import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../../image/image.ts';
import { mapLevels } from './levels.ts';

/** Pixels per 8-bit level of one channel. */
function histogram({ data, channels }: Image, channel: number): number[] {
  const counts = new Array<number>(256).fill(0);
  for (let i = channel; i < data.length; i += channels) {
    const level = Math.round(Math.min(1, Math.max(0, data[i] as number)) * 255);
    counts[level] = (counts[level] as number) + 1;
  }
  return counts;
}

const perChannel = <T>(image: Image, of: (counts: number[]) => T): T[] =>
  Array.from({ length: image.channels }, (_, c) => of(histogram(image, c)));

/** The levels left when `cut` pixels are dropped at either end. */
function ends(counts: readonly number[], cut: number): [number, number] {
  const edge = (order: readonly number[]): number => {
    let dropped = 0;
    for (const level of order) {
      dropped += counts[level] as number;
      if (dropped > cut) return level;
    }
    return order.at(-1) as number;
  };
  const levels = counts.map((_, level) => level);
  return [edge(levels), edge(levels.toReversed())];
}

/** Stretches each channel to the full range after dropping up to 20 % of the pixels at both ends. */
export function autocontrast(image: Image, rng: Rng): Image {
  const cut = (rng.int(0, 21) / 100) * image.width * image.height;
  const limits = perChannel(image, (counts) => ends(counts, cut));
  return mapLevels(image, (value, c) => {
    const [low, high] = limits[c] as [number, number];
    return high <= low ? value : Math.floor(((value - low) * 255) / (high - low));
  });
}

/** Gives each channel a flat histogram, as far as its levels allow. */
export function equalize(image: Image): Image {
  const tables = perChannel(image, (counts) => {
    const used = counts.filter((count) => count > 0);
    const step = Math.floor((image.width * image.height - (used.at(-1) ?? 0)) / 255);
    let sum = Math.floor(step / 2);
    return counts.map((count, level) => {
      const mapped = step === 0 ? level : Math.floor(sum / step);
      sum += count;
      return mapped;
    });
  });
  return mapLevels(image, (value, c) => tables[c]?.[value] as number);
}
