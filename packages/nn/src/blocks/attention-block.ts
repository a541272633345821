import { add, attention, reshape, ShapeError, split, type Tensor } from '@diffad/tensor-core';
import { zeroed } from '../init.ts';
import { GroupNorm } from '../layers/group-norm.ts';
import { Pointwise } from '../layers/pointwise.ts';
import { Module } from '../module.ts';
import type { BlockOptions } from './block-options.ts';

/**
 * Self-attention over the pixels, x + proj(attention(qkv(norm(x)))): [B, H, W, C] -> [B, H, W, C]. One projection makes q, k and v,
 * grouped by head: channels [h·3d, h·3d + 3d) are q, k and v of head h. The last projection starts at zero.
 * The diffusion UNet's block, under its names.
 */
export class AttentionBlock extends Module {
  readonly norm: GroupNorm;
  readonly qkv: Pointwise;
  readonly projOut: Pointwise;
  readonly #heads: number;

  constructor(channels: number, headChannels: number, { groups, eps, rng }: BlockOptions) {
    super();
    if (channels % headChannels !== 0)
      throw new ShapeError(`AttentionBlock: ${channels} channels do not divide into heads of ${headChannels}`);
    this.norm = new GroupNorm(groups, channels, { eps });
    this.qkv = new Pointwise(channels, 3 * channels, { axes: 1, rng });
    this.projOut = zeroed(new Pointwise(channels, channels, { axes: 1, rng }));
    this.#heads = channels / headChannels;
  }

  protected forward(x: Tensor): Tensor {
    const [pictures = 1, height = 1, width = 1, channels = 1] = x.shape;
    const heads = this.#heads;
    const packed = reshape(this.qkv.call(this.norm.call(x)), [pictures, height * width, heads, 3, channels / heads]);
    const [q, k, v] = split(packed, [1, 1, 1], 3).map((part) =>
      reshape(part, [pictures, height * width, channels]),
    ) as [Tensor, Tensor, Tensor];
    return add(x, this.projOut.call(reshape(attention(q, k, v, { heads }), x.shape)));
  }
}
