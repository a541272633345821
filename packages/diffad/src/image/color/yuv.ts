import { type ColorSpace, type Pixel, setPixel } from './color-space.ts';

/** Luma (Rec. 601) and two colour differences; Y'CbCr and YUV differ from it only by the scale of the differences. */
export const yuv: ColorSpace = {
  name: 'yuv',
  lightness: 0,
  fromRgb(pixel: Pixel) {
    const [r, g, b] = pixel;
    const y = 0.299 * r + 0.587 * g + 0.114 * b;
    setPixel(pixel, y, b - y, r - y);
  },
  toRgb(pixel: Pixel) {
    const [y, u, v] = pixel;
    const r = v + y;
    const b = u + y;
    setPixel(pixel, r, (y - 0.299 * r - 0.114 * b) / 0.587, b);
  },
};
