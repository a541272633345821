import { Rng } from '@diffad/tensor-core';
import { createMask } from '../image/image.ts';
import type { Spoiled } from './defects/spoil.ts';
import { type DefectName, defects } from './defects.ts';
import { type SurfaceName, surfaces } from './surfaces.ts';

export interface SurfacePictureOptions {
  readonly surface: SurfaceName;
  /** Side in pixels; default 128. */
  readonly size?: number;
  /** Null leaves the surface whole; default null. */
  readonly defect?: DefectName | null;
}

/** Generated picture `index`, [size, size, 3], and its mask: from (seed, index) and the options alone. */
export function surfacePicture(
  seed: number,
  index: number,
  { surface, size = 128, defect = null }: SurfacePictureOptions,
): Spoiled {
  const rng = new Rng(seed).fork(index);
  const image = surfaces[surface](size, rng);
  return defect ? defects[defect](image, rng) : { image, mask: createMask(size, size) };
}
