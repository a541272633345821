import { add, reshape, silu, type Tensor } from '@diffad/tensor-core';
import { zeroed } from '../init.ts';
import { Conv2d } from '../layers/conv2d.ts';
import { Dropout } from '../layers/dropout.ts';
import { GroupNorm } from '../layers/group-norm.ts';
import { Linear } from '../layers/linear.ts';
import { Pointwise } from '../layers/pointwise.ts';
import { Module } from '../module.ts';
import type { BlockOptions } from './block-options.ts';

export interface ResidualBlockOptions extends BlockOptions {
  /** Width of the time embedding. */
  readonly embedding: number;
}

/**
 * A residual block told the time: x [B, H, W, inChannels], embedding [B, E] -> [B, H, W, outChannels]. The embedding is added
 * between the convolutions; the second one starts at zero. The diffusion UNet's block, under its names.
 */
export class ResidualBlock extends Module<[x: Tensor, embedding: Tensor]> {
  readonly inLayers: { readonly 0: GroupNorm; readonly 2: Conv2d };
  readonly embLayers: { readonly 1: Linear };
  readonly outLayers: { readonly 0: GroupNorm; readonly 2: Dropout; readonly 3: Conv2d };
  readonly skipConnection: Pointwise | undefined;

  constructor(
    inChannels: number,
    outChannels: number,
    { embedding, groups, eps, dropout = 0, rng }: ResidualBlockOptions,
  ) {
    super();
    this.inLayers = {
      0: new GroupNorm(groups, inChannels, { eps, activation: 'silu' }),
      2: new Conv2d(inChannels, outChannels, 3, { padding: 1, rng }),
    };
    this.embLayers = { 1: new Linear(embedding, outChannels, { rng }) };
    this.outLayers = {
      0: new GroupNorm(groups, outChannels, { eps, activation: 'silu' }),
      2: new Dropout(dropout, rng),
      3: zeroed(new Conv2d(outChannels, outChannels, 3, { padding: 1, rng })),
    };
    this.skipConnection = inChannels === outChannels ? undefined : new Pointwise(inChannels, outChannels, { rng });
  }

  protected forward(x: Tensor, embedding: Tensor): Tensor {
    const time = this.embLayers[1].call(silu(embedding)); // [B, outChannels]
    const [pictures = 1, channels = 1] = time.shape;
    const h = add(this.inLayers[2].call(this.inLayers[0].call(x)), reshape(time, [pictures, 1, 1, channels]));
    const y = this.outLayers[3].call(this.outLayers[2].call(this.outLayers[0].call(h)));
    return add(this.skipConnection?.call(x) ?? x, y);
  }
}
