import { type Tensor, upsampleBilinear, upsampleNearest } from '@diffad/tensor-core';
import { Module } from '../module.ts';

/** Enlarges [B, H, W, C] to [B, factor·H, factor·W, C]; bilinear aligns the corners, as DRAEM's decoder does. */
export class Upsample extends Module {
  readonly #factor: number;
  readonly #mode: 'nearest' | 'bilinear';

  constructor(factor: number, mode: 'nearest' | 'bilinear' = 'nearest') {
    super();
    this.#factor = factor;
    this.#mode = mode;
  }

  protected forward(x: Tensor): Tensor {
    if (this.#mode === 'nearest') return upsampleNearest(x, this.#factor);
    const [, height = 0, width = 0] = x.shape;
    return upsampleBilinear(x, [height * this.#factor, width * this.#factor], { alignCorners: true });
  }
}
