import { at, type Shape, sameShape } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { sum } from './reduce.ts';
import { reshape } from './reshape.ts';

/** Undoes a broadcast: sums `x` over every axis along which `shape` was repeated. */
export function sumTo(x: Tensor, shape: Shape): Tensor {
  if (sameShape(x.shape, shape)) return x;
  const lead = x.shape.length - shape.length;
  const axes = x.shape.flatMap((extent, axis) =>
    axis < lead || (at(shape, axis - lead) === 1 && extent !== 1) ? [axis] : [],
  );
  return reshape(axes.length > 0 ? sum(x, { axes }) : x, shape);
}
