import type { Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';

/** Runs layers one after the other; their names are 0, 1, 2 ... as in PyTorch. */
export class Sequential extends Module {
  readonly [index: number]: Module;

  constructor(...layers: readonly Module[]) {
    super();
    Object.assign(this, layers);
  }

  protected forward(x: Tensor): Tensor {
    let h = x;
    for (let i = 0, layer = this[0]; layer; layer = this[++i]) h = layer.call(h);
    return h;
  }
}
