import type { Rng } from '@diffad/tensor-core';
import { perlin } from '../synthesis/perlin.ts';

/** A number for every pixel of a square picture. */
export type Field = (x: number, y: number) => number;

/** Perlin noise of `rows` x `columns` cells over the picture, about [−1, 1]. */
export function smoothNoise(size: number, rows: number, columns: number, rng: Rng): Field {
  const { data } = perlin(size, size, rows, columns, rng);
  return (x, y) => data[y * size + x] as number;
}

/** A standard normal of its own for every pixel. */
export function grain(size: number, rng: Rng): Field {
  const data = rng.normals(size * size);
  return (x, y) => data[y * size + x] as number;
}
