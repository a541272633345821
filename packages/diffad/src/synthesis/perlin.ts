import type { Rng } from '@diffad/tensor-core';
import { createImage, type Image } from '../image/image.ts';

const fade = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);
const mix = (a: number, b: number, t: number): number => a + (b - a) * t;

/**
 * Gradient noise on a lattice of `rows` x `columns` cells, [height, width, 1]: about [−1, 1] with deviation 0.3. Perlin 2002; spec 2.2.
 */
export function perlin(width: number, height: number, rows: number, columns: number, rng: Rng): Image {
  const stride = columns + 1;
  const angles = rng.uniforms((rows + 1) * stride);
  const down = Float64Array.from(angles, (turn) => Math.cos(2 * Math.PI * turn));
  const right = Float64Array.from(angles, (turn) => Math.sin(2 * Math.PI * turn));
  /** Dot product of the gradient at a lattice point with the offset from it. */
  const corner = (at: number, dy: number, dx: number): number => (down[at] as number) * dy + (right[at] as number) * dx;
  const noise = createImage(width, height, 1);
  for (let y = 0; y < height; y++) {
    const row = Math.floor((y * rows) / height);
    const fy = (y * rows) / height - row;
    for (let x = 0; x < width; x++) {
      const column = Math.floor((x * columns) / width);
      const fx = (x * columns) / width - column;
      const at = row * stride + column;
      const near = mix(corner(at, fy, fx), corner(at + stride, fy - 1, fx), fade(fy));
      const far = mix(corner(at + 1, fy, fx - 1), corner(at + stride + 1, fy - 1, fx - 1), fade(fy));
      noise.data[y * width + x] = Math.SQRT2 * mix(near, far, fade(fx));
    }
  }
  return noise;
}
