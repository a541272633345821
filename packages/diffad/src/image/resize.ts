import type { Image } from './image.ts';
import { resample, type Taps } from './resample.ts';

export type ResizeMethod = 'bilinear' | 'area' | 'nearest';

/**
 * Resizes to `width` x `height`, aspect ratio not kept; the same bits in every runtime.
 * - `bilinear`: half-pixel centres, no antialias, as OpenCV's default and the paper (spec 1.1). Aliases when it shrinks by more than two.
 * - `area`: every output pixel is the exact mean of the area it covers, so the mean of the picture is kept.
 * - `nearest`: the input pixel that holds the output pixel's centre.
 */
export function resize(image: Image, width: number, height: number, method: ResizeMethod = 'bilinear'): Image {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`resize: size must be positive integers, got ${width}x${height}`);
  }
  if (width === image.width && height === image.height) return { ...image, data: image.data.slice() };
  const taps = tapsOf[method];
  return resample(image, taps(image.width, width), taps(image.height, height));
}

const tapsOf: Readonly<Record<ResizeMethod, (from: number, to: number) => Taps>> = {
  bilinear: bilinearTaps,
  area: areaTaps,
  nearest: nearestTaps,
};

/** source = (i + 1/2) * from / to - 1/2, clamped to the picture. */
function bilinearTaps(from: number, to: number): Taps {
  const width = Math.min(2, from);
  const taps = { size: to, width, first: new Int32Array(to), weights: new Float64Array(to * width) };
  for (let i = 0; i < to; i++) {
    const source = Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const first = Math.min(Math.floor(source), from - width);
    taps.first[i] = first;
    taps.weights[i * width] = 1 - (source - first);
    if (width === 2) taps.weights[i * width + 1] = source - first;
  }
  return taps;
}

/** Output i covers [i, i + 1) * from / to; a weight is the share of that interval inside an input pixel. */
function areaTaps(from: number, to: number): Taps {
  const scale = from / to;
  const width = Math.min(from, Math.ceil(scale) + 1);
  const taps = { size: to, width, first: new Int32Array(to), weights: new Float64Array(to * width) };
  for (let i = 0; i < to; i++) {
    const begin = (i * from) / to;
    const end = ((i + 1) * from) / to;
    const first = Math.min(Math.floor(begin), from - width);
    taps.first[i] = first;
    for (let j = 0; j < width; j++) {
      const covered = Math.min(end, first + j + 1) - Math.max(begin, first + j);
      taps.weights[i * width + j] = Math.max(0, covered) / scale;
    }
  }
  return taps;
}

function nearestTaps(from: number, to: number): Taps {
  const first = Int32Array.from({ length: to }, (_, i) => Math.floor(((i + 0.5) * from) / to));
  return { size: to, width: 1, first, weights: new Float64Array(to).fill(1) };
}
