import { type ColorSpace, type Pixel, setPixel } from './color-space.ts';
import { hueOf, hueWeight } from './hue.ts';

/** Hue [0, 1), lightness (mean of the largest and the smallest component), saturation. */
export const hls: ColorSpace = {
  name: 'hls',
  lightness: 1,
  fromRgb(pixel: Pixel) {
    const [r, g, b] = pixel;
    const max = Math.max(r, g, b);
    const min = Math.min(r, g, b);
    const room = 1 - Math.abs(max + min - 1);
    setPixel(pixel, hueOf(r, g, b, max, max - min), (max + min) / 2, room === 0 ? 0 : (max - min) / room);
  },
  toRgb(pixel: Pixel) {
    const [hue, lightness, saturation] = pixel;
    const chroma = saturation * (1 - Math.abs(2 * lightness - 1));
    const max = lightness + chroma / 2;
    setPixel(
      pixel,
      max - chroma * hueWeight(hue, 5),
      max - chroma * hueWeight(hue, 3),
      max - chroma * hueWeight(hue, 1),
    );
  },
};
