import { type BlockOptions, Module, ResnetBlock, SpatialAttention } from '@diffad/nn';
import type { Tensor } from '@diffad/tensor-core';

/** Residual block, self-attention, residual block at the lowest resolution: [B, h, w, C] -> [B, h, w, C]. */
export class Middle extends Module {
  readonly block_1: ResnetBlock;
  readonly attn_1: SpatialAttention | undefined;
  readonly block_2: ResnetBlock;

  constructor(channels: number, attention: boolean, options: BlockOptions) {
    super();
    this.block_1 = new ResnetBlock(channels, channels, options);
    this.attn_1 = attention ? new SpatialAttention(channels, options) : undefined;
    this.block_2 = new ResnetBlock(channels, channels, options);
  }

  protected forward(x: Tensor): Tensor {
    const h = this.block_1.call(x);
    return this.block_2.call(this.attn_1?.call(h) ?? h);
  }
}
