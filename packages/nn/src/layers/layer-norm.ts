import { layerNorm, ones, type Tensor, zeros } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { parameter } from '../parameter.ts';

/** Normalises over the last axis: [.., C] -> [.., C]. */
export class LayerNorm extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;
  readonly #eps: number;

  constructor(channels: number, { eps = 1e-5 }: { readonly eps?: number } = {}) {
    super();
    this.weight = parameter(ones([channels]));
    this.bias = parameter(zeros([channels]));
    this.#eps = eps;
  }

  protected forward(x: Tensor): Tensor {
    return layerNorm(x, this.weight, this.bias, { eps: this.#eps });
  }
}
