import { abs, mean, scope, square, sub, type Tensor } from '@diffad/tensor-core';

/** Mean |x − y| over all elements. */
export const l1 = (x: Tensor, y: Tensor): Tensor => scope(() => mean(abs(sub(x, y))));

/** Mean (x − y)² over all elements. */
export const mse = (x: Tensor, y: Tensor): Tensor => scope(() => mean(square(sub(x, y))));
