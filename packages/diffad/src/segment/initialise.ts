import { BatchNorm2d, Conv2d, type Module } from '@diffad/nn';
import type { Rng } from '@diffad/tensor-core';

/** `normal`: weights from N(0, 0.02²), as DRAEM's; `he`: from N(0, 2 / fan-in), which keeps the variance of what passes a ReLU. */
export type Initialisation = 'normal' | 'he';

const NARROW = 0.02;

/**
 * Draws the convolutions of a network whose last one is `output`; that is always drawn from N(0, 0.02²), and so are, around 1, the scales
 * of batch norm. Spec 3.2; He et al. 2015. Batch norm undoes the scale of narrow weights, not that of their steps: relative to them,
 * these are larger the narrower they are.
 */
export function initialise(module: Module<never, unknown>, output: Conv2d, kind: Initialisation, rng: Rng): void {
  for (const layer of module.modules()) {
    if (!(layer instanceof Conv2d || layer instanceof BatchNorm2d)) continue;
    const centre = layer instanceof BatchNorm2d ? 1 : 0;
    const wide = kind === 'he' && layer instanceof Conv2d && layer !== output;
    const deviation = wide ? Math.sqrt((2 * (layer.weight.shape.at(-1) as number)) / layer.weight.size) : NARROW;
    layer.weight.assign(rng.normals(layer.weight.size).map((normal) => centre + deviation * normal));
  }
}
