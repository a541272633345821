import { BatchNorm2d, Conv2d, type Module } from '@diffad/nn';
import type { Rng } from '@diffad/tensor-core';

/** Convolutions are drawn from N(0, 0.02), batch norm scales from N(1, 0.02), as DRAEM does. Spec 3.2. */
export function initialise(module: Module<never, unknown>, rng: Rng): void {
  for (const layer of module.modules()) {
    if (!(layer instanceof Conv2d || layer instanceof BatchNorm2d)) continue;
    const centre = layer instanceof BatchNorm2d ? 1 : 0;
    layer.weight.assign(rng.normals(layer.weight.size).map((normal) => centre + 0.02 * normal));
  }
}
