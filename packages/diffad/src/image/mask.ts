import type { Image, Mask } from './image.ts';
import { type ResizeMethod, resize } from './resize.ts';

/**
 * When a pixel of a resized mask counts as defective. Pixel metrics of thin defects move by points with it, so say which was used.
 * - `diffad`: the reference's, bilinear and truncated: only where all that is sampled is defective (spec 7.2)
 * - `nearest`: the input pixel at its centre is, as anomalib
 * - `gt0.5`: more than half of its area is
 * - `any`: some of its area is, so that thin cracks survive
 */
export type MaskMode = 'diffad' | 'nearest' | 'gt0.5' | 'any';

/** Sums of weights are exact to a few ulp of float32 only. */
const EPSILON = 1e-5;

const rules: Readonly<Record<MaskMode, { method: ResizeMethod; above: number }>> = {
  diffad: { method: 'bilinear', above: 1 - EPSILON },
  nearest: { method: 'nearest', above: 0.5 },
  'gt0.5': { method: 'area', above: 0.5 + EPSILON },
  any: { method: 'area', above: EPSILON },
};

/** Resizes a mask, aspect ratio not kept. */
export function resizeMask(mask: Mask, width: number, height: number, mode: MaskMode): Mask {
  const { method, above } = rules[mode];
  return maskOf(resize(imageOf(mask), width, height, method), above);
}

/** A mask as a picture of zeros and ones, `[height, width, 1]`. */
export function imageOf({ width, height, data }: Mask): Image {
  return { width, height, channels: 1, data: Float32Array.from(data) };
}

/** Where a picture `[height, width, 1]` is above a value. */
export const maskOf = ({ width, height, data }: Image, above: number): Mask => ({
  width,
  height,
  data: Uint8Array.from(data, (value) => (value > above ? 1 : 0)),
});
