import { currentDevice, type Rng, type Shape, type Tensor, uniform } from '@diffad/tensor-core';
import type { Module } from './module.ts';

/** PyTorch's default for convolutions and linear layers: uniform on ±1 / √fanIn. */
export function fanInUniform(shape: Shape, fanIn: number, rng: Rng = currentDevice().rng): Tensor {
  const bound = 1 / Math.sqrt(fanIn);
  return uniform(shape, rng, -bound, bound);
}

/** Sets every parameter of `module` to zero: a residual branch that starts as the identity. */
export function zeroed<M extends Module<never, unknown>>(module: M): M {
  for (const tensor of module.parameters()) tensor.assign(new Float32Array(tensor.size));
  return module;
}
