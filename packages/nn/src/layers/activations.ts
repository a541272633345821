import { gelu, leakyRelu, relu, sigmoid, silu, type Tensor, tanh } from '@diffad/tensor-core';
import { Module } from '../module.ts';

/** An op without parameters as a module, for `Sequential`. */
export class Lambda extends Module {
  readonly #op: (x: Tensor) => Tensor;

  constructor(op: (x: Tensor) => Tensor) {
    super();
    this.#op = op;
  }

  protected forward(x: Tensor): Tensor {
    return this.#op(x);
  }
}

/** Keeps a layer's place in a `Sequential` where what it does is fused into the one before it. */
export const Identity = (): Module => new Lambda((x) => x);
export const SiLU = (): Module => new Lambda(silu);
export const ReLU = (): Module => new Lambda(relu);
export const LeakyReLU = (slope = 0.01): Module => new Lambda((x) => leakyRelu(x, slope));
export const GELU = (): Module => new Lambda(gelu);
export const Sigmoid = (): Module => new Lambda(sigmoid);
export const Tanh = (): Module => new Lambda(tanh);
