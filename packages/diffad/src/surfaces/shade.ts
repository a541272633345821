import { createImage, type Image } from '../image/image.ts';
import type { Field } from './field.ts';

export type Colour = readonly [red: number, green: number, blue: number];

/** A square picture [size, size, 3] of one colour under a light that varies: 1 shows the colour itself. */
export function shade(size: number, colour: Colour, light: Field): Image {
  const image = createImage(size, size, 3);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const brightness = light(x, y);
      for (let c = 0; c < 3; c++)
        image.data[(y * size + x) * 3 + c] = Math.min(1, Math.max(0, brightness * (colour[c] as number)));
    }
  return image;
}
