import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';

/** A flat picture of the same size, from black up to white or up to the mean colour of `image`: what stains, pits and scratches look like from afar. */
export function tone(image: Image, rng: Rng): Image {
  const { width, height, channels, data } = image;
  const strength = rng.uniform();
  const own = rng.uniform() < 0.5;
  return flat(image, (channel) => {
    if (!own) return strength;
    let sum = 0;
    for (let i = channel; i < data.length; i += channels) sum += data[i] as number;
    return (strength * sum) / (width * height);
  });
}

/** A flat picture of the same size and of any colour: what paint and print look like. */
export const paint = (image: Image, rng: Rng): Image => flat(image, () => rng.uniform());

function flat({ width, height, channels }: Image, value: (channel: number) => number): Image {
  const image = createImage(width, height, channels);
  const values = Array.from({ length: channels }, (_, channel) => value(channel));
  return { ...image, data: image.data.map((_, i) => values[i % channels] as number) };
}
