import { add, attention, reshape, type Tensor } from '@diffad/tensor-core';
import { GroupNorm } from '../layers/group-norm.ts';
import { Pointwise } from '../layers/pointwise.ts';
import { Module } from '../module.ts';
import type { BlockOptions } from './block-options.ts';

/** Self-attention over the pixels with one head and separate 1x1 projections: [B, H, W, C] -> [B, H, W, C]. The autoencoder's block. */
export class SpatialAttention extends Module {
  readonly norm: GroupNorm;
  readonly q: Pointwise;
  readonly k: Pointwise;
  readonly v: Pointwise;
  readonly projOut: Pointwise;

  constructor(channels: number, { groups, eps, rng }: BlockOptions) {
    super();
    this.norm = new GroupNorm(groups, channels, { eps });
    this.q = new Pointwise(channels, channels, { rng });
    this.k = new Pointwise(channels, channels, { rng });
    this.v = new Pointwise(channels, channels, { rng });
    this.projOut = new Pointwise(channels, channels, { rng });
  }

  protected forward(x: Tensor): Tensor {
    const [pictures = 1, height = 1, width = 1, channels = 1] = x.shape;
    const h = reshape(this.norm.call(x), [pictures, height * width, channels]);
    const mixed = attention(this.q.call(h), this.k.call(h), this.v.call(h), { heads: 1 }); // [B, H·W, C]
    return add(x, reshape(this.projOut.call(mixed), x.shape));
  }
}
