import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';

/** A flat picture of the same size, from black up to white or up to the mean colour of `image`: what stains, pits and scratches look like from afar. */
export function tone(image: Image, rng: Rng): Image {
  const { width, height, channels, data } = image;
  const flat = createImage(width, height, channels);
  const strength = rng.uniform();
  const own = rng.uniform() < 0.5;
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    for (let i = c; i < data.length; i += channels) sum += data[i] as number;
    const value = own ? (strength * sum) / (width * height) : strength;
    for (let i = c; i < data.length; i += channels) flat.data[i] = value;
  }
  return flat;
}
