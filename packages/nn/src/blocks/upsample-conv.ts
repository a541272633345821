import { type Rng, type Tensor, upsampleNearest } from '@diffad/tensor-core';
import { Conv2d } from '../layers/conv2d.ts';
import { Module } from '../module.ts';

/** Doubles height and width by repeating pixels, then convolves 3x3: [B, H, W, C] -> [B, 2H, 2W, C]. */
export class UpsampleConv extends Module {
  readonly conv: Conv2d;

  constructor(channels: number, rng: Rng) {
    super();
    this.conv = new Conv2d(channels, channels, 3, { padding: 1, rng });
  }

  protected forward(x: Tensor): Tensor {
    return this.conv.call(upsampleNearest(x, 2));
  }
}
