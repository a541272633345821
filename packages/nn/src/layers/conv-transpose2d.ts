import {
  type ConvTranspose2dOptions as ConvOptions,
  convTranspose2d,
  type Rng,
  type Tensor,
} from '@diffad/tensor-core';
import { fanInUniform } from '../init.ts';
import { Module } from '../module.ts';
import { convLayout, parameter } from '../parameter.ts';

export interface ConvTranspose2dOptions extends ConvOptions {
  readonly bias?: boolean;
  readonly rng?: Rng;
}

/** Transposed convolution [B, H, W, inChannels] -> [B, H', W', outChannels]; the weight is [size, size, outChannels, inChannels]. */
export class ConvTranspose2d extends Module {
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
  readonly #options: ConvOptions;

  constructor(
    inChannels: number,
    outChannels: number,
    size: number,
    { bias = true, rng, ...options }: ConvTranspose2dOptions = {},
  ) {
    super();
    const fanIn = outChannels * size * size;
    this.weight = parameter(fanInUniform([size, size, outChannels, inChannels], fanIn, rng), convLayout);
    this.bias = bias ? parameter(fanInUniform([outChannels], fanIn, rng)) : undefined;
    this.#options = options;
  }

  protected forward(x: Tensor): Tensor {
    return convTranspose2d(x, this.weight, this.bias, this.#options);
  }
}
