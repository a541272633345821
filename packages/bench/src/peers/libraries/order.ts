import type { Role } from '../work.ts';

/** How jax-js wants the axes of what we store as [B, H, W, C] and [kh, kw, in, out]. */
export const orders: Readonly<Record<Role, readonly number[] | null>> = {
  pictures: [0, 3, 1, 2],
  kernel: [3, 2, 0, 1],
  plain: null,
};

/** An array with its axes in another order: axis i of the result is axis `order[i]` of `data`. */
export function move(data: Float32Array, shape: readonly number[], order: readonly number[] | null) {
  if (!order) return { data, shape };
  const moved = order.map((axis) => shape[axis] as number);
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const steps = order.map((axis) => strides[axis] as number);
  const result = new Float32Array(data.length);
  const place = moved.map(() => 0);
  let from = 0;
  for (let i = 0; i < result.length; i++) {
    result[i] = data[from] as number;
    for (let axis = moved.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      from += steps[axis] as number;
      if ((place[axis] as number) < (moved[axis] as number)) break;
      from -= (steps[axis] as number) * (moved[axis] as number);
      place[axis] = 0;
    }
  }
  return { data: result, shape: moved };
}
