import { type Conv2dOptions as ConvOptions, conv2d, type Rng, type Tensor } from '@diffad/tensor-core';
import { fanInUniform } from '../init.ts';
import { Module } from '../module.ts';
import { convLayout, parameter } from '../parameter.ts';
import { checkGroups } from './check-groups.ts';

export interface Conv2dOptions extends ConvOptions {
  readonly bias?: boolean;
  readonly rng?: Rng;
}

/** Convolution [B, H, W, inChannels] -> [B, H', W', outChannels] with a square kernel of `size`. ShapeError where `groups` do not divide both channels. */
export class Conv2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly #options: ConvOptions;

  constructor(
    inChannels: number,
    outChannels: number,
    size: number,
    { bias = true, rng, ...options }: Conv2dOptions = {},
  ) {
    super();
    const { groups = 1 } = options;
    checkGroups('Conv2d', inChannels, 'input channels', groups);
    checkGroups('Conv2d', outChannels, 'output channels', groups);
    const depth = inChannels / groups;
    const fanIn = depth * size * size;
    this.weight = parameter(fanInUniform([size, size, depth, outChannels], fanIn, rng), convLayout);
    this.bias = bias ? parameter(fanInUniform([outChannels], fanIn, rng)) : undefined;
    this.#options = options;
  }

  protected forward(x: Tensor): Tensor {
    return conv2d(x, this.weight, this.bias, this.#options);
  }
}
