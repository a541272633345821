import type { Rng, Tensor } from '@diffad/tensor-core';
import { Conv2d } from '../layers/conv2d.ts';
import { Module } from '../module.ts';

/** Halves height and width with a 3x3 convolution padded by one row and column at the bottom and right only: the autoencoder's. */
export class DownsampleAsymmetric extends Module {
  readonly conv: Conv2d;

  constructor(channels: number, rng: Rng) {
    super();
    this.conv = new Conv2d(channels, channels, 3, { stride: 2, padding: [0, 1, 0, 1], rng });
  }

  protected forward(x: Tensor): Tensor {
    return this.conv.call(x);
  }
}

/** Halves height and width with a 3x3 convolution padded by one on every side: the diffusion UNet's. */
export class Downsample extends Module {
  readonly op: Conv2d;

  constructor(channels: number, rng: Rng) {
    super();
    this.op = new Conv2d(channels, channels, 3, { stride: 2, padding: 1, rng });
  }

  protected forward(x: Tensor): Tensor {
    return this.op.call(x);
  }
}
