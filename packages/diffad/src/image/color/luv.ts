import { type ColorSpace, type Pixel, setPixel } from './color-space.ts';
import { lightnessOf, luminanceOf, rgbToXyz, WHITE_X, WHITE_Z, xyzToRgb } from './xyz.ts';

const WHITE_U = (4 * WHITE_X) / (WHITE_X + 15 + 3 * WHITE_Z);
const WHITE_V = 9 / (WHITE_X + 15 + 3 * WHITE_Z);

/** CIE L*u*v*, D65, all three divided by 100. */
export const luv: ColorSpace = {
  name: 'luv',
  lightness: 0,
  fromRgb(pixel: Pixel) {
    rgbToXyz(pixel);
    const [x, y, z] = pixel;
    const lightness = lightnessOf(y);
    const sum = x + 15 * y + 3 * z;
    if (sum === 0) return setPixel(pixel, 0, 0, 0);
    setPixel(pixel, lightness, 13 * lightness * ((4 * x) / sum - WHITE_U), 13 * lightness * ((9 * y) / sum - WHITE_V));
  },
  toRgb(pixel: Pixel) {
    const [lightness, u, v] = pixel;
    if (lightness <= 0) return setPixel(pixel, 0, 0, 0);
    const y = luminanceOf(lightness);
    const u1 = u / (13 * lightness) + WHITE_U;
    const v1 = Math.max(1e-6, v / (13 * lightness) + WHITE_V);
    setPixel(pixel, (y * 9 * u1) / (4 * v1), y, (y * (12 - 3 * u1 - 20 * v1)) / (4 * v1));
    xyzToRgb(pixel);
  },
};
