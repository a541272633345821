import { currentDevice, embedding, type Rng, randn, type Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { parameter } from '../parameter.ts';

export interface EmbeddingOptions {
  readonly rng?: Rng;
}

/** A row of a table for each index: indices [..] (i32 or u32) below `rows` -> [.., channels]. Starts standard normal. */
export class Embedding extends Module {
  readonly weight: Tensor;

  constructor(rows: number, channels: number, { rng = currentDevice().rng }: EmbeddingOptions = {}) {
    super();
    this.weight = parameter(randn([rows, channels], rng));
  }

  protected forward(indices: Tensor): Tensor {
    return embedding(indices, this.weight);
  }
}
