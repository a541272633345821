import type { ConvOptions, Ops } from '../ops.ts';
import type { Lookup } from '../work.ts';

const SAME: ConvOptions = { padding: [1, 1, 1, 1] };

/** What the networks are made of; `name` is where PyTorch keeps the parameters of a layer. */
export interface Layers<T> {
  readonly ops: Ops<T>;
  conv(name: string, x: T, options?: ConvOptions): T;
  pointwise(name: string, x: T): T;
  linear(name: string, x: T): T;
  norm(name: string, x: T): T;
  normSilu(name: string, x: T): T;
}

export function layersOf<T>(ops: Ops<T>, get: Lookup<T>, groups: number, eps: number): Layers<T> {
  const affine = (name: string): [T, T] => [get(`${name}.weight`), get(`${name}.bias`)];
  const norm = (name: string, x: T): T => ops.groupNorm(x, ...affine(name), groups, eps);
  return {
    ops,
    conv: (name, x, options = SAME) => ops.conv2d(x, ...affine(name), options),
    pointwise: (name, x) => ops.pointwise(x, ...affine(name)),
    linear: (name, x) => ops.linear(x, ...affine(name)),
    norm,
    normSilu: (name, x) => ops.silu(norm(name, x)),
  };
}
