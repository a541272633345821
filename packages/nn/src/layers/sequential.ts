import type { Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';

/** Runs layers one after the other; their names are 0, 1, 2 ... as in PyTorch. */
export class Sequential extends Module {
  readonly [index: number]: Module;
  readonly #layers: readonly Module[];

  constructor(...layers: readonly Module[]) {
    super();
    this.#layers = layers;
    Object.assign(this, layers);
  }

  protected forward(x: Tensor): Tensor {
    return this.#layers.reduce((h, layer) => layer.call(h), x);
  }
}
