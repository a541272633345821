import { currentDevice, dropout, type Rng, type Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { checkOption } from '../optim/check-option.ts';

/** While training, sets each element to zero with probability `p` and scales the others by 1 / (1 − p). RangeError unless p is in [0, 1). */
export class Dropout extends Module {
  readonly #p: number;
  readonly #rng: Rng;

  constructor(p: number, rng: Rng = currentDevice().rng) {
    super();
    checkOption('Dropout', 'p', p, 0, 1);
    this.#p = p;
    this.#rng = rng;
  }

  protected forward(x: Tensor): Tensor {
    return this.training && this.#p > 0 ? dropout(x, this.#p, this.#rng) : x;
  }
}
