import type { Rng } from '@diffad/tensor-core';
import type { Image } from '../image/image.ts';
import { brushed } from './brushed.ts';
import { speckled } from './speckled.ts';
import { woven } from './woven.ts';

/** A generated picture of a surface without defects, [size, size, 3]; its features scale with `size`. */
export type Surface = (size: number, rng: Rng) => Image;

export const surfaces = { woven, brushed, speckled } as const satisfies Readonly<Record<string, Surface>>;

export type SurfaceName = keyof typeof surfaces;
