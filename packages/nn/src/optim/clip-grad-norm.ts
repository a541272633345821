import { add, div, minimum, mul, scope, sqrt, square, sum, type Tensor } from '@diffad/tensor-core';
import type { Named } from './optimizer.ts';

/** The gradients scaled so that their common Euclidean norm is at most `maxNorm`; nothing is read back. They replace `grads`. */
export const clipGradNorm = <G extends Named>(grads: G, maxNorm: number): G =>
  scope(() => {
    const total = Object.values(grads)
      .map((grad) => sum(square(grad)))
      .reduce((a, b) => add(a, b));
    const scale = minimum(div(maxNorm, add(sqrt(total), 1e-6)), 1);
    return Object.fromEntries(
      Object.entries(grads).map(([name, grad]): [string, Tensor] => [name, mul(grad, scale)]),
    ) as G;
  });
