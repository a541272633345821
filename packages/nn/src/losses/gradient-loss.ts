import { abs, add, mean, scope, slice, sub, type Tensor } from '@diffad/tensor-core';
import { expectPictures } from './expect-same-shape.ts';

/** Differences between neighbours along `axis` of [B, H, W, C]. */
function differences(x: Tensor, axis: 1 | 2): Tensor {
  const ends = [...x.shape];
  const begins = x.shape.map(() => 0);
  const after = slice(x, begins.with(axis, 1), ends);
  return sub(after, slice(x, begins, ends.with(axis, (x.shape[axis] as number) - 1)));
}

/** Mean |∂x (x − y)| + mean |∂y (x − y)|, pictures [B, H, W, C] of at least two pixels each way. Throws ShapeError unless both are such, of one shape. Spec 1.2. */
export function gradientLoss(x: Tensor, y: Tensor): Tensor {
  expectPictures('gradientLoss', { x, y }, 2);
  return scope(() => {
    const error = sub(x, y);
    return add(mean(abs(differences(error, 1))), mean(abs(differences(error, 2))));
  });
}
