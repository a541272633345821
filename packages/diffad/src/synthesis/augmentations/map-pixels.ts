import type { ColorSpace, Pixel } from '../../image/color/color-space.ts';
import type { Image } from '../../image/image.ts';

/** Changes every RGB pixel in another colour space; the result is clamped to [0, 1]. */
export function mapPixels(image: Image, space: ColorSpace, change: (pixel: Pixel) => void): Image {
  const data = new Float32Array(image.data.length);
  const pixel: Pixel = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) {
    for (let c = 0; c < 3; c++) pixel[c] = image.data[i + c] as number;
    space.fromRgb(pixel);
    change(pixel);
    space.toRgb(pixel);
    for (let c = 0; c < 3; c++) data[i + c] = Math.min(1, Math.max(0, pixel[c] as number));
  }
  return { ...image, data };
}
