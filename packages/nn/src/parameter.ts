import { cast, type DType, persist, type Shape, scope, type Tensor } from '@diffad/tensor-core';

/** How a tensor of ours lies in a PyTorch checkpoint: its axes in `order`, then `ones` axes of extent one. */
export interface Layout {
  readonly order: readonly number[];
  readonly ones: number;
}

interface Kind {
  readonly trained: boolean;
  readonly layout?: Layout;
}

const kinds = new WeakMap<Tensor, Kind>();

/** A trained tensor of a module, alive until the module is disposed. */
export function parameter(value: Tensor, layout?: Layout): Tensor {
  kinds.set(value, { trained: true, ...(layout && { layout }) });
  return persist(value);
}

/** A tensor of a module that is saved but not trained, such as a running mean. */
export function buffer(value: Tensor): Tensor {
  kinds.set(value, { trained: false });
  return persist(value);
}

/** The f32 copies that optimisers keep of an f16 parameter: loading writes them too. */
const masters = new WeakMap<Tensor, Set<Tensor>>();

/** Notes that `master` is a copy of `value`; the answer forgets it again. */
export function follow(value: Tensor, master: Tensor): () => void {
  const known = masters.get(value) ?? new Set();
  masters.set(value, known.add(master));
  return () => void known.delete(master);
}

export const mastersOf = (value: Tensor): Iterable<Tensor> => masters.get(value) ?? [];

/** A trained tensor as `dtype`; another one is disposed where it was of another dtype. */
export function converted(value: Tensor, dtype: 'f32' | 'f16'): Tensor {
  if (value.dtype === dtype) return value;
  const result = scope(() => parameter(cast(value, dtype), layoutOf(value)));
  value.dispose();
  return result;
}

export const isTrained = (tensor: Tensor): boolean => kinds.get(tensor)?.trained ?? false;
export const isState = (tensor: Tensor): boolean => kinds.has(tensor);
export const layoutOf = (tensor: Tensor): Layout | undefined => kinds.get(tensor)?.layout;

/** Linear [in, out] is [out, in] on disk; a 1x1 convolution adds an axis per dimension of its kernel. */
export const linearLayout = (ones = 0): Layout => ({ order: [1, 0], ones });
/** Convolution [kh, kw, Cin / groups, Cout] is [Cout, Cin / groups, kh, kw] on disk. */
export const convLayout: Layout = { order: [3, 2, 0, 1], ones: 0 };

/** The shape a checkpoint stores for a tensor of `shape`. */
export function storedShape(shape: Shape, layout?: Layout): number[] {
  if (!layout) return [...shape];
  return [...layout.order.map((axis) => shape[axis] as number), ...new Array<number>(layout.ones).fill(1)];
}

/** Numbers on the host, row-major. */
export interface HostTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly data: ArrayLike<number>;
}
