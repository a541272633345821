/** Three components of one pixel, converted in place. */
export type Pixel = [number, number, number];

/**
 * A way to write RGB in [0, 1] with one component that carries lightness. `fromRgb` and `toRgb` are inverses on the RGB cube;
 * `toRgb` may leave [0, 1] where the components were changed.
 */
export interface ColorSpace {
  readonly name: string;
  /** Index of the lightness component; it lies in [0, 1]. */
  readonly lightness: 0 | 1 | 2;
  fromRgb(pixel: Pixel): void;
  toRgb(pixel: Pixel): void;
}

/** Writes a pixel. */
export function setPixel(pixel: Pixel, a: number, b: number, c: number): void {
  pixel[0] = a;
  pixel[1] = b;
  pixel[2] = c;
}
