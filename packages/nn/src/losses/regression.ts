import { abs, mean, mul, scope, square, sub, type Tensor } from '@diffad/tensor-core';

/** Mean |x − y| over all elements. */
export const l1 = (x: Tensor, y: Tensor): Tensor => scope(() => mean(abs(sub(x, y))));

/** Mean (x − y)² over all elements; with `weights`, which broadcast to x, mean w (x − y)². */
export const mse = (x: Tensor, y: Tensor, weights?: Tensor): Tensor =>
  scope(() => {
    const errors = square(sub(x, y));
    return mean(weights ? mul(errors, weights) : errors);
  });
