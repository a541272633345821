import { Rng } from '@diffad/tensor-core';
import type { DiffAD } from '../../src/index.ts';

/** As networks start they answer alike to everything: convolutions are drawn anew, with the variance that keeps a picture's. */
export function opinionated(untrained: DiffAD): DiffAD {
  const rng = new Rng(9);
  for (const [, network] of untrained.networks)
    for (const weight of network.parameters()) {
      if (weight.shape.length !== 4) continue;
      const inputs = weight.size / (weight.shape[3] as number);
      weight.assign(rng.normals(weight.size).map((normal) => normal * Math.sqrt(2 / inputs)));
    }
  return untrained.eval();
}
