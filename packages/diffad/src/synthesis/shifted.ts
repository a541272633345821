import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';

/** The picture moved by a quarter to three quarters of its sides, what leaves on one side coming in on the other. */
export function shifted(image: Image, rng: Rng): Image {
  const { width, height, channels, data } = image;
  const result = createImage(width, height, channels);
  const right = Math.floor(rng.uniform(0.25, 0.75) * width) * channels;
  const down = Math.floor(rng.uniform(0.25, 0.75) * height);
  const stride = width * channels;
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * stride, (y + 1) * stride);
    const to = ((y + down) % height) * stride;
    result.data.set(line.subarray(stride - right), to);
    result.data.set(line.subarray(0, stride - right), to + right);
  }
  return result;
}
