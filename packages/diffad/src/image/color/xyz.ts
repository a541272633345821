import { type Pixel, setPixel } from './color-space.ts';

/** The D65 white point (sRGB's rows summed), so that grey has no colour. */
export const WHITE_X = 0.4124564 + 0.3575761 + 0.1804375;
export const WHITE_Z = 0.0193339 + 0.119192 + 0.9503041;

/** sRGB in [0, 1] to CIE XYZ with Y of white = 1 (IEC 61966-2-1). */
export function rgbToXyz(pixel: Pixel): void {
  const r = linear(pixel[0]);
  const g = linear(pixel[1]);
  const b = linear(pixel[2]);
  setPixel(
    pixel,
    0.4124564 * r + 0.3575761 * g + 0.1804375 * b,
    0.2126729 * r + 0.7151522 * g + 0.0721749 * b,
    0.0193339 * r + 0.119192 * g + 0.9503041 * b,
  );
}

export function xyzToRgb(pixel: Pixel): void {
  const [x, y, z] = pixel;
  setPixel(
    pixel,
    companded(3.24045415 * x - 1.53713851 * y - 0.49853142 * z),
    companded(-0.96926603 * x + 1.87601085 * y + 0.04155601 * z),
    companded(0.05564343 * x - 0.20402591 * y + 1.0572252 * z),
  );
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function companded(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055;
}

/** CIE lightness L* / 100 of a relative luminance. */
export function lightnessOf(luminance: number): number {
  return luminance > 216 / 24389 ? 1.16 * Math.cbrt(luminance) - 0.16 : (luminance * 24389) / 2700;
}

export function luminanceOf(lightness: number): number {
  return lightness > 0.08 ? ((lightness + 0.16) / 1.16) ** 3 : (lightness * 2700) / 24389;
}
