import { type ColorSpace, type Pixel, setPixel } from './color-space.ts';
import { lightnessOf, luminanceOf, rgbToXyz, WHITE_X, WHITE_Z, xyzToRgb } from './xyz.ts';

/** CIE L*a*b*, D65, all three divided by 100. */
export const lab: ColorSpace = {
  name: 'lab',
  lightness: 0,
  fromRgb(pixel: Pixel) {
    rgbToXyz(pixel);
    const [x, y, z] = pixel;
    const fx = lightnessOf(x / WHITE_X);
    const fy = lightnessOf(y);
    const fz = lightnessOf(z / WHITE_Z);
    setPixel(pixel, fy, (5 / 1.16) * (fx - fy), (2 / 1.16) * (fy - fz));
  },
  toRgb(pixel: Pixel) {
    const [lightness, a, b] = pixel;
    setPixel(
      pixel,
      WHITE_X * luminanceOf(lightness + (1.16 / 5) * a),
      luminanceOf(lightness),
      WHITE_Z * luminanceOf(lightness - (1.16 / 2) * b),
    );
    xyzToRgb(pixel);
  },
};
