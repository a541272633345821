import { abs, mean, mul, ShapeError, scope, square, sub, type Tensor } from '@diffad/tensor-core';
import { expectSameShape } from './expect-same-shape.ts';

/** Mean |x − y| over all elements. Throws ShapeError unless the shapes are equal. */
export function l1(x: Tensor, y: Tensor): Tensor {
  expectSameShape('l1', { x, y });
  return scope(() => mean(abs(sub(x, y))));
}

/**
 * Mean (x − y)² over all elements; with `weights`, which broadcast to x, mean w (x − y)². Throws ShapeError unless the shapes of
 * x and y are equal.
 */
export function mse(x: Tensor, y: Tensor, weights?: Tensor): Tensor {
  expectSameShape('mse', { x, y });
  return scope(() => {
    const errors = square(sub(x, y));
    if (!weights) return mean(errors);
    const weighted = mul(errors, weights);
    if (weighted.shape.join() !== x.shape.join())
      throw new ShapeError(
        `mse: weights [${weights.shape.join(', ')}] do not broadcast to x [${x.shape.join(', ')}]; give them its axes or axes of one`,
      );
    return mean(weighted);
  });
}
