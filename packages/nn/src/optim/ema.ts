import { DTypeError, type Tensor } from '@diffad/tensor-core';
import { Module } from '../module.ts';
import { checkCount, checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { combine, exchange } from './flat-kernels.ts';
import { loadTensors } from './optimizer.ts';
import { Packing } from './packing.ts';

/**
 * A running average of a model's parameters, or of named f32 tensors: shadow ← d shadow + (1 − d) weight with
 * d = min(decay, (1 + n) / (10 + n)) at update n. Spec 1.6. An update takes one dispatch for each binding's worth of parameters.
 */
export class Ema {
  readonly #packing: Packing;
  readonly #wholes: readonly Tensor[];
  readonly #shadows: Named;
  readonly #decay: number;
  #updates = 0;

  constructor(model: Named | Module<never, unknown>, decay: number) {
    checkOption('Ema', 'decay', decay, 0, 1);
    const parameters = model instanceof Module ? model.namedParameters() : model;
    const half = Object.entries(parameters).find(([, { dtype }]) => dtype !== 'f32');
    if (half)
      throw new DTypeError(
        `Ema: ${half[0]} is ${half[1].dtype}; average the optimiser's f32 copies, new Ema(optimizer.masters, ..)`,
      );
    this.#decay = decay;
    this.#packing = new Packing('Ema', parameters);
    this.#wholes = this.#packing.zeros();
    this.#shadows = this.#packing.parts(this.#wholes);
    this.#pull(1);
  }

  /** The share of the old average at update `n`, counted from 1. */
  decayAt(n: number): number {
    return Math.min(this.#decay, (1 + n) / (10 + n));
  }

  /** Moves the averages towards the parameters. */
  update(): void {
    this.#packing.expectAlive();
    this.#updates++;
    this.#pull(1 - this.decayAt(this.#updates));
  }

  #pull(share: number): void {
    for (const [i, weight] of this.#packing.wholes.entries())
      combine(this.#wholes[i] as Tensor, 1 - share, weight, share);
  }

  /** Exchanges parameters and averages; a second call undoes the first. */
  swap(): void {
    this.#packing.expectAlive();
    for (const [i, weight] of this.#packing.wholes.entries()) exchange(weight, this.#wholes[i] as Tensor);
  }

  state(): { readonly updates: number; readonly tensors: Named } {
    return { updates: this.#updates, tensors: this.#shadows };
  }

  /** Continues from a saved state; `tensors` are numbers on the host. Throws ShapeError, or RangeError for `updates` that are no count, before anything is changed. */
  loadState(state: { readonly updates: number; readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    checkCount('Ema', 'updates', state.updates);
    loadTensors('Ema', this.#shadows, state.tensors);
    this.#updates = state.updates;
  }

  dispose(): void {
    for (const t of [...Object.values(this.#shadows), ...this.#wholes]) t.dispose();
    this.#packing.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
