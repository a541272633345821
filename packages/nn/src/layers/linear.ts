import { linear, type Rng, type Tensor } from '@diffad/tensor-core';
import { fanInUniform } from '../init.ts';
import { Module } from '../module.ts';
import { linearLayout, parameter } from '../parameter.ts';

export interface LinearOptions {
  readonly bias?: boolean;
  readonly rng?: Rng;
}

/** y = x w + b over the last axis: [.., inFeatures] -> [.., outFeatures]. */
export class Linear extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;

  constructor(inFeatures: number, outFeatures: number, { bias = true, rng }: LinearOptions = {}) {
    super();
    this.weight = parameter(fanInUniform([inFeatures, outFeatures], inFeatures, rng), linearLayout());
    this.bias = bias ? parameter(fanInUniform([outFeatures], inFeatures, rng)) : undefined;
  }

  protected forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
