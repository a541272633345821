import { add, exp, mean, mul, scope, square, sub, type Tensor } from '@diffad/tensor-core';
import { expectSameShape } from './expect-same-shape.ts';

/** KL(N(mean, exp(logVariance)) ‖ N(0, 1)), averaged over elements: ½ (μ² + σ² − 1 − log σ²). Throws ShapeError unless the shapes are equal. Spec 1.2. */
export function gaussianKl(mu: Tensor, logVariance: Tensor): Tensor {
  expectSameShape('gaussianKl', { mu, logVariance });
  return scope(() => mul(mean(sub(add(square(mu), exp(logVariance)), add(logVariance, 1))), 0.5));
}
