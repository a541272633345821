import { attention, type Rng, type Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { Linear } from './linear.ts';

export interface AttentionOptions {
  readonly heads: number;
  /** Channels of the tokens attended to, where they differ from the queries'. */
  readonly contextChannels?: number;
  readonly rng?: Rng;
}

/** Multi-head attention of tokens [B, T, C] over themselves or over `context` [B, T', contextChannels]. */
export class Attention extends Module<[x: Tensor, context?: Tensor]> {
  readonly toQ: Linear;
  readonly toK: Linear;
  readonly toV: Linear;
  readonly toOut: Linear;
  readonly #heads: number;

  constructor(channels: number, { heads, contextChannels = channels, rng }: AttentionOptions) {
    super();
    const options = rng ? { rng } : {};
    this.toQ = new Linear(channels, channels, options);
    this.toK = new Linear(contextChannels, channels, options);
    this.toV = new Linear(contextChannels, channels, options);
    this.toOut = new Linear(channels, channels, options);
    this.#heads = heads;
  }

  protected forward(x: Tensor, context: Tensor = x): Tensor {
    const mixed = attention(this.toQ.call(x), this.toK.call(context), this.toV.call(context), { heads: this.#heads });
    return this.toOut.call(mixed);
  }
}
