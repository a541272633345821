import { type ColorSpace, type Pixel, setPixel } from './color-space.ts';
import { hueOf, hueWeight } from './hue.ts';

/** Hue [0, 1), saturation, value (the largest component). */
export const hsv: ColorSpace = {
  name: 'hsv',
  lightness: 2,
  fromRgb(pixel: Pixel) {
    const [r, g, b] = pixel;
    const value = Math.max(r, g, b);
    const chroma = value - Math.min(r, g, b);
    setPixel(pixel, hueOf(r, g, b, value, chroma), value === 0 ? 0 : chroma / value, value);
  },
  toRgb(pixel: Pixel) {
    const [hue, saturation, value] = pixel;
    const chroma = saturation * value;
    setPixel(
      pixel,
      value - chroma * hueWeight(hue, 5),
      value - chroma * hueWeight(hue, 3),
      value - chroma * hueWeight(hue, 1),
    );
  },
};
