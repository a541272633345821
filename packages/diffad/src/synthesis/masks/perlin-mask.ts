import type { Rng } from '@diffad/tensor-core';
import type { Mask } from '../../image/image.ts';
import { rotate } from '../../image/rotate.ts';
import { thresholdMap } from '../../image/threshold.ts';
import { perlin } from '../perlin.ts';

const THRESHOLD = 0.5;

/**
 * Where a simulated defect lies: Perlin noise with 2^0 to 2^maxExponent cells a side, turned by up to 90 degrees, above 0.5.
 * Covers about 5 % of the picture; 5 to 15 % of the masks are empty. Spec 2.2.
 */
export function perlinMask(width: number, height: number, maxExponent: number, rng: Rng): Mask {
  const cells = (): number => 2 ** rng.int(0, maxExponent + 1);
  const noise = perlin(width, height, cells(), cells(), rng);
  return thresholdMap(rotate(noise, rng.uniform(-90, 90)), THRESHOLD + Number.EPSILON);
}
