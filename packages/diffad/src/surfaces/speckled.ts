import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';
import { grain, smoothNoise } from './field.ts';
import { type Colour, shade } from './shade.ts';

interface Mineral {
  readonly colour: Colour;
  readonly perPicture: number;
  /** Smallest and largest radius, as shares of the side. */
  readonly radius: readonly [number, number];
}

const MINERALS: readonly Mineral[] = [
  { colour: [0.66, 0.61, 0.57], perPicture: 260, radius: [0.012, 0.03] },
  { colour: [0.38, 0.37, 0.38], perPicture: 300, radius: [0.006, 0.016] },
  { colour: [0.8, 0.79, 0.76], perPicture: 200, radius: [0.005, 0.013] },
];

/** Granite: crystals of three minerals, dark, light and rosy, in a grey ground. */
export function speckled(size: number, rng: Rng): Image {
  const cloud = smoothNoise(size, 4, 4, rng);
  const fuzz = grain(size, rng);
  const stone = shade(size, [0.56, 0.55, 0.54], (x, y) => 1 + 0.05 * cloud(x, y) + 0.03 * fuzz(x, y));
  for (const { colour, perPicture, radius } of MINERALS)
    for (let i = 0; i < perPicture; i++)
      crystal(
        stone,
        colour,
        rng.uniform(0, size),
        rng.uniform(0, size),
        rng.uniform(...radius) * size,
        rng.uniforms(3),
      );
  return stone;
}

/** Blends a lopsided crystal over the picture, its edge one pixel soft; `shape` are three uniforms: elongation, angle, shade. */
function crystal(
  { width, data }: Image,
  colour: Colour,
  x: number,
  y: number,
  radius: number,
  shape: Float32Array,
): void {
  const [long = 0, angle = 0, dark = 0] = shape;
  const [cos, sin] = [Math.cos(Math.PI * angle), Math.sin(Math.PI * angle)];
  const reach = Math.ceil(radius * 1.6) + 1;
  for (let row = Math.max(0, Math.floor(y) - reach); row < Math.min(width, y + reach); row++)
    for (let column = Math.max(0, Math.floor(x) - reach); column < Math.min(width, x + reach); column++) {
      const [dx, dy] = [column + 0.5 - x, row + 0.5 - y];
      const away = Math.hypot((dx * cos + dy * sin) / (1 + 0.6 * long), dy * cos - dx * sin);
      const share = Math.min(1, Math.max(0, radius - away + 0.5));
      for (let c = 0; c < 3; c++) {
        const at = (row * width + column) * 3 + c;
        data[at] = (data[at] as number) * (1 - share) + share * (colour[c] as number) * (0.9 + 0.2 * dark);
      }
    }
}
