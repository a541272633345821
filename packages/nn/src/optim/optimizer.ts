import { ShapeError, scope, type Tensor } from '@diffad/tensor-core';
import type { Named } from './chunks.ts';
import { castInto } from './flat-kernels.ts';
import { Packing } from './packing.ts';

/** What a step needs to be repeated exactly: the count of steps and tensors that belong to parameters, `name.slot`. */
export interface OptimizerState {
  readonly steps: number;
  readonly tensors: Named;
}

/** Numbers of the device that say whether a step counts; a loss scaler keeps them. */
export interface Gate {
  /** [1 where the gradients are finite, else 0; how many steps were left out]. */
  readonly verdict: Tensor;
}

/** One buffer's worth of parameters, in f32. */
export interface Flat {
  readonly weight: Tensor;
  readonly grad: Tensor;
  readonly slots: readonly Tensor[];
  readonly gate: Gate | undefined;
}

/**
 * Updates parameters in place from their gradients. `learningRate` may be set before every step. The parameters are laid side by
 * side (see `Packing`), so that a step takes one dispatch for each binding's worth of them, and one copy for each gradient.
 * Parameters in f16 have a master copy in f32, which is what is updated.
 */
export abstract class Optimizer {
  learningRate: number;
  #steps = 0;
  readonly #parameters: Named;
  readonly #packing: Packing;
  readonly #weights: readonly Tensor[];
  readonly #slots: readonly (readonly Tensor[])[];
  readonly #copies: readonly (Tensor | undefined)[];
  readonly #masters: Named;
  readonly #tensors: Named;

  /** `slots` tensors as large as the parameter are kept for each, zero at first. */
  constructor(parameters: Named, learningRate: number, slots: number) {
    this.learningRate = learningRate;
    this.#parameters = parameters;
    this.#packing = new Packing(this.constructor.name, parameters);
    this.#slots = Array.from({ length: slots }, () => this.#packing.zeros());
    const { wholes } = this.#packing;
    this.#copies = wholes.map(({ dtype }, i) => (dtype === 'f16' ? this.#packing.zerosOf(i) : undefined));
    this.#weights = wholes.map((whole, i) => this.#copies[i] ?? whole);
    for (const [i, copy] of this.#copies.entries()) if (copy) castInto(copy, wholes[i] as Tensor);
    this.#masters = this.#packing.parts(this.#copies);
    this.#tensors = Object.assign(
      {},
      ...this.#slots.map((wholes, slot) => this.#packing.parts(wholes, `.${slot}`)),
      this.#packing.parts(this.#copies, '.master'),
    );
  }

  get steps(): number {
    return this.#steps;
  }

  /** The f32 tensors that are updated, by the names of the parameters: themselves, or the master copies of f16 ones. */
  get masters(): Named {
    return { ...this.#parameters, ...this.#masters };
  }

  /** One update; `grads` as `valueAndGrad` gives them for the named parameters. They stay the caller's. */
  step(grads: Named, gate?: Gate): void {
    this.#check(grads);
    this.#steps++;
    for (const [i, weight] of this.#weights.entries())
      scope(() => {
        const grad = this.#packing.gather(i, grads);
        this.update({ weight, grad, slots: this.#slots.map((wholes) => wholes[i] as Tensor), gate });
      });
    this.publish();
  }

  #check(grads: Named): void {
    const names = Object.keys(this.#parameters);
    const missing = names.filter((name) => !grads[name]);
    if (missing.length > 0)
      throw new ShapeError(
        `${this.constructor.name}: no gradient for ${missing.join(', ')}; pass valueAndGrad's grads of the same names`,
      );
    for (const name of names) {
      const [own, given] = [this.#parameters[name]?.shape.join(', '), grads[name]?.shape.join(', ')];
      if (own !== given) throw new ShapeError(`${this.constructor.name}: ${name} is [${own}], its gradient [${given}]`);
    }
  }

  protected abstract update(flat: Flat): void;

  /** Rounds f32 masters into f16 parameters; after every step, and for whoever changed the masters otherwise. */
  publish(): void {
    for (const [i, copy] of this.#copies.entries()) if (copy) castInto(this.#packing.wholes[i] as Tensor, copy);
  }

  state(): OptimizerState {
    return { steps: this.#steps, tensors: this.#tensors };
  }

  /** Continues from a saved state; `tensors` are numbers on the host. Throws ShapeError before anything is changed. */
  loadState(state: { readonly steps: number; readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    loadTensors(this.constructor.name, this.#tensors, state.tensors);
    this.#steps = state.steps;
    this.publish();
  }

  dispose(): void {
    for (const t of [this.#masters, this.#tensors].flatMap((named) => Object.values(named))) t.dispose();
    for (const t of [...this.#slots.flat(), ...this.#copies]) t?.dispose();
    this.#packing.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Overwrites `own` with saved numbers; names that are missing or of another size are listed together first. */
export function loadTensors(owner: string, own: Named, saved: Readonly<Record<string, ArrayLike<number>>>): void {
  const problems = Object.entries(own).flatMap(([name, { size }]) => {
    const length = saved[name]?.length;
    if (length === undefined) return [`lacks ${name}`];
    return length === size ? [] : [`has ${length} numbers for ${name}, expected ${size}`];
  });
  if (problems.length > 0) throw new ShapeError(`${owner}: the saved state ${problems.join(', ')}`);
  for (const [name, tensor] of Object.entries(own)) tensor.assign(saved[name] as ArrayLike<number>);
}
