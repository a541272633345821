import { createImage, type Image } from './image.ts';

/** What lies outside the picture: black, or its mirror image. */
export type Fill = 'zero' | 'reflect';

/**
 * Rotates by `degrees` (counter-clockwise on the screen) about the centre, bilinear, at the same size.
 * With `zero` the neighbours outside count as 0, so an edge fades over one pixel (spec 2.1).
 */
export function rotate(image: Image, degrees: number, fill: Fill = 'zero'): Image {
  const { width, height, channels } = image;
  const result = createImage(width, height, channels);
  const cos = Math.cos((degrees * Math.PI) / 180);
  const sin = Math.sin((degrees * Math.PI) / 180);
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const dx = x - centreX;
      const dy = y - centreY;
      sampleInto(
        result.data,
        (y * width + x) * channels,
        image,
        centreX + cos * dx - sin * dy,
        centreY + sin * dx + cos * dy,
        fill,
      );
    }
  return result;
}

/** Writes the bilinear sample of `image` at (x, y) to `out[at ...]`. */
function sampleInto(out: Float32Array, at: number, image: Image, x: number, y: number, fill: Fill): void {
  const left = Math.floor(x);
  const top = Math.floor(y);
  const fx = x - left;
  const fy = y - top;
  addTap(out, at, image, left, top, (1 - fx) * (1 - fy), fill);
  addTap(out, at, image, left + 1, top, fx * (1 - fy), fill);
  addTap(out, at, image, left, top + 1, (1 - fx) * fy, fill);
  addTap(out, at, image, left + 1, top + 1, fx * fy, fill);
}

function addTap(out: Float32Array, at: number, image: Image, x: number, y: number, weight: number, fill: Fill): void {
  const { width, height, channels, data } = image;
  if (weight === 0) return;
  const inside = x >= 0 && y >= 0 && x < width && y < height;
  if (!inside && fill === 'zero') return;
  const from = ((inside ? y : mirror(y, height)) * width + (inside ? x : mirror(x, width))) * channels;
  for (let c = 0; c < channels; c++) out[at + c] = (out[at + c] as number) + weight * (data[from + c] as number);
}

/** Reflects an index into [0, size) about the edge pixels, which are not repeated. */
export function mirror(index: number, size: number): number {
  const period = Math.max(1, 2 * (size - 1));
  const folded = ((index % period) + period) % period;
  return Math.min(folded, period - folded, size - 1);
}
