import type { Shape } from '@diffad/tensor-core';
import { type Layout, storedShape } from './parameter.ts';

/** `data` of `shape` with its axes in `order`. */
function permuted(data: ArrayLike<number>, shape: Shape, order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = order.map((axis) => strides[axis] as number);
  const extents = order.map((axis) => shape[axis] as number);
  const result = new Float32Array(data.length);
  const index = new Array<number>(order.length).fill(0);
  let offset = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[offset] as number;
    for (let axis = order.length - 1; axis >= 0; axis--) {
      offset += steps[axis] as number;
      index[axis] = (index[axis] as number) + 1;
      if (index[axis] !== extents[axis]) break;
      offset -= (steps[axis] as number) * (extents[axis] as number);
      index[axis] = 0;
    }
  }
  return result;
}

/** A tensor of ours, `shape`, as the checkpoint stores it. */
export const toStored = (data: ArrayLike<number>, shape: Shape, layout?: Layout): ArrayLike<number> =>
  layout ? permuted(data, shape, layout.order) : data;

/** What the checkpoint stores for a tensor of our `shape`, as we hold it. */
export function fromStored(data: ArrayLike<number>, shape: Shape, layout?: Layout): ArrayLike<number> {
  if (!layout) return data;
  const stored = storedShape(shape, layout).slice(0, layout.order.length);
  const inverse = layout.order.map((_, axis) => layout.order.indexOf(axis));
  return permuted(data, stored, inverse);
}
