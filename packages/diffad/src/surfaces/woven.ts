import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';
import { grain, smoothNoise } from './field.ts';
import { shade } from './shade.ts';

const THREADS = 7;

/** A plain weave: round threads that dip under each other, unevenly dyed, lit from above. */
export function woven(size: number, rng: Rng): Image {
  const pitch = size / THREADS;
  const [phaseX, phaseY] = [rng.uniform(), rng.uniform()];
  const [bendX, bendY] = [smoothNoise(size, 3, 3, rng), smoothNoise(size, 3, 3, rng)];
  const dye = smoothNoise(size, 4, 4, rng);
  const [warp, weft] = [rng.normals(THREADS + 3), rng.normals(THREADS + 3)];
  const fuzz = grain(size, rng);
  return shade(size, [0.78, 0.63, 0.46], (x, y) => {
    const u = x / pitch + phaseX + 0.25 * bendX(x, y) + 1;
    const v = y / pitch + phaseY + 0.25 * bendY(x, y) + 1;
    const [column, row] = [Math.floor(u), Math.floor(v)];
    const isWarp = (column + row) % 2 === 0;
    const across = isWarp ? u - column : v - row;
    const along = isWarp ? v - row : u - column;
    const round = Math.sin(Math.PI * across);
    const arch = Math.sin(Math.PI * along);
    const tint = isWarp ? (warp[column] as number) : 0.9 * (weft[row] as number) - 0.6;
    const slope = isWarp ? Math.cos(Math.PI * along) : Math.cos(Math.PI * across);
    const cloth = 0.44 + 0.28 * round * (0.55 + 0.45 * arch) + 0.07 * slope;
    return cloth + 0.035 * tint + 0.07 * dye(x, y) + 0.025 * fuzz(x, y);
  });
}
