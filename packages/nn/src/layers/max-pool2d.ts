import { maxPool2d, type Pool2dOptions, type Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';

/** The largest value of each window: [B, H, W, C] -> [B, H', W', C]. */
export class MaxPool2d extends Module {
  readonly #options: Pool2dOptions;

  constructor(size: number, options: Omit<Pool2dOptions, 'size'> = {}) {
    super();
    this.#options = { ...options, size };
  }

  protected forward(x: Tensor): Tensor {
    return maxPool2d(x, this.#options);
  }
}
