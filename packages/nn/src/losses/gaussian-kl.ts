import { add, exp, mean, mul, scope, square, sub, type Tensor } from '@diffad/tensor-core';

/** KL(N(mean, exp(logVariance)) ‖ N(0, 1)), averaged over elements: ½ (μ² + σ² − 1 − log σ²). Spec 1.2. */
export const gaussianKl = (mu: Tensor, logVariance: Tensor): Tensor =>
  scope(() => mul(mean(sub(add(square(mu), exp(logVariance)), add(logVariance, 1))), 0.5));
