import type { Image, Mask } from '../image/image.ts';
import { imageOf, maskOf } from '../image/mask.ts';

/**
 * How much of a defect shows where: the mask after a Gaussian of `sigma` pixels, scaled so that its largest value is 1, [H, W, 1].
 * The mask that comes with it holds where it is above a half, as labels of resized pictures do.
 */
export function soften(mask: Mask, sigma: number): { weight: Image; mask: Mask } {
  const { width, height } = mask;
  const rows = smoothed(imageOf(mask).data, height, width, 1, width, sigma);
  const columns = smoothed(rows, width, height, width, 1, sigma);
  const most = columns.reduce((a, b) => Math.max(a, b), 0) || 1; // an empty mask stays empty
  const weight = { width, height, channels: 1, data: columns.map((value) => value / most) };
  return { weight, mask: maskOf(weight, 0.5) };
}

/** A Gaussian along one axis of `length` elements `step` apart, for each of `lines` lines `lineStep` apart. Outside nothing counts. */
function smoothed(
  data: Float32Array,
  lines: number,
  length: number,
  step: number,
  lineStep: number,
  sigma: number,
): Float32Array {
  const radius = Math.ceil(3 * sigma);
  const weights = Array.from({ length: 2 * radius + 1 }, (_, i) => Math.exp(-(((i - radius) / sigma) ** 2) / 2));
  const out = new Float32Array(data.length);
  for (let line = 0; line < lines; line++)
    for (let i = 0; i < length; i++) {
      let [sum, total] = [0, 0];
      for (let j = Math.max(0, i - radius); j <= Math.min(length - 1, i + radius); j++) {
        const weight = weights[j - i + radius] as number;
        sum += weight * (data[line * lineStep + j * step] as number);
        total += weight;
      }
      out[line * lineStep + i * step] = sum / total;
    }
  return out;
}
