import { add, type Tensor } from '@diffad/tensor-core';
import { Conv2d } from '../layers/conv2d.ts';
import { Dropout } from '../layers/dropout.ts';
import { GroupNorm } from '../layers/group-norm.ts';
import { Pointwise } from '../layers/pointwise.ts';
import { Module } from '../module.ts';
import type { BlockOptions } from './block-options.ts';

/**
 * x + conv(dropout(silu(norm(conv(silu(norm(x))))))): [B, H, W, inChannels] -> [B, H, W, outChannels]; a 1x1 convolution carries x
 * across where the widths differ. The autoencoder's block, under its names.
 */
export class ResnetBlock extends Module {
  readonly norm1: GroupNorm;
  readonly conv1: Conv2d;
  readonly norm2: GroupNorm;
  readonly dropout: Dropout;
  readonly conv2: Conv2d;
  readonly ninShortcut: Pointwise | undefined;

  constructor(inChannels: number, outChannels: number, { groups, eps, dropout = 0, rng }: BlockOptions) {
    super();
    this.norm1 = new GroupNorm(groups, inChannels, { eps, activation: 'silu' });
    this.conv1 = new Conv2d(inChannels, outChannels, 3, { padding: 1, rng });
    this.norm2 = new GroupNorm(groups, outChannels, { eps, activation: 'silu' });
    this.dropout = new Dropout(dropout, rng);
    this.conv2 = new Conv2d(outChannels, outChannels, 3, { padding: 1, rng });
    this.ninShortcut = inChannels === outChannels ? undefined : new Pointwise(inChannels, outChannels, { rng });
  }

  protected forward(x: Tensor): Tensor {
    const h = this.conv1.call(this.norm1.call(x)); // [B, H, W, outChannels]
    const y = this.conv2.call(this.dropout.call(this.norm2.call(h)));
    return add(this.ninShortcut?.call(x) ?? x, y);
  }
}
