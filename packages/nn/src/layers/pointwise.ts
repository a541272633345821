import { linear, type Rng, type Tensor } from '@diffad/tensor-core';
import { fanInUniform } from '../init.ts';
import { Module } from '../module.ts';
import { linearLayout, parameter } from '../parameter.ts';

export interface PointwiseOptions {
  /** Kernel axes of extent one in checkpoints: 2 for a Conv2d, 1 for a Conv1d. Default 2. */
  readonly axes?: 1 | 2;
  readonly rng?: Rng;
}

/** A 1x1 convolution: a linear layer over the channels, [.., inChannels] -> [.., outChannels]. */
export class Pointwise extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor;

  constructor(inChannels: number, outChannels: number, { axes = 2, rng }: PointwiseOptions = {}) {
    super();
    this.weight = parameter(fanInUniform([inChannels, outChannels], inChannels, rng), linearLayout(axes));
    this.bias = parameter(fanInUniform([outChannels], inChannels, rng));
  }

  protected forward(x: Tensor): Tensor {
    return linear(x, this.weight, this.bias);
  }
}
