import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';

const fade = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/**
 * Gradient noise on a lattice of `rows` x `columns` cells, [height, width, 1]: about [−1, 1] with deviation 0.3. Perlin 2002; spec 2.2.
 */
export function perlin(width: number, height: number, rows: number, columns: number, rng: Rng): Image {
  const stride = columns + 1;
  const angles = rng.uniforms((rows + 1) * stride);
  const noise = createImage(width, height, 1);
  /** Dot product of the gradient at a lattice point with the offset from it. */
  const corner = (row: number, column: number, dy: number, dx: number): number => {
    const angle = 2 * Math.PI * (angles[row * stride + column] as number);
    return Math.cos(angle) * dy + Math.sin(angle) * dx;
  };
  for (let y = 0; y < height; y++) {
    const v = (y * rows) / height;
    const row = Math.floor(v);
    const fy = v - row;
    for (let x = 0; x < width; x++) {
      const u = (x * columns) / width;
      const column = Math.floor(u);
      const fx = u - column;
      const left = mix(corner(row, column, fy, fx), corner(row + 1, column, fy - 1, fx), fade(fy));
      const right = mix(corner(row, column + 1, fy, fx - 1), corner(row + 1, column + 1, fy - 1, fx - 1), fade(fy));
      noise.data[y * width + x] = Math.SQRT2 * mix(left, right, fade(fx));
    }
  }
  return noise;
}

const mix = (a: number, b: number, t: number): number => a + (b - a) * t;
