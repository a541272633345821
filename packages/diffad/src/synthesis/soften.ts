import { createImage, createMask, type Image, type Mask } from '../image/image.ts';

/**
 * How much of a defect shows where: the mask after a Gaussian of `sigma` pixels, scaled so that most of it is 1, [H, W, 1].
 * The mask that comes with it holds where it is above a half, as labels of resized pictures do.
 */
export function soften(mask: Mask, sigma: number): { weight: Image; mask: Mask } {
  const { width, height } = mask;
  const rows = smoothed(Float32Array.from(mask.data), height, width, 1, width, sigma);
  const data = smoothed(rows, width, height, width, 1, sigma);
  const most = data.reduce((a, b) => Math.max(a, b), 0);
  const weight = createImage(width, height, 1);
  const core = createMask(width, height);
  if (most === 0) return { weight, mask: core };
  for (const [i, value] of data.entries()) {
    weight.data[i] = value / most;
    core.data[i] = value > most / 2 ? 1 : 0;
  }
  return { weight, mask: core };
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
