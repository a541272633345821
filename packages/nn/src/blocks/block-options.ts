import type { Rng } from '@diffad/tensor-core';

/** What all blocks of a network share. */
export interface BlockOptions {
  /** Groups of every group norm. */
  readonly groups: number;
  readonly eps: number;
  /** Probability of the dropout before the last convolution; default 0. */
  readonly dropout?: number;
  readonly rng: Rng;
}
