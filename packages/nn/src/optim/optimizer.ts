import {
  defineKernel,
  dispatch,
  persist,
  program,
  ShapeError,
  scope,
  type Tensor,
  withDevice,
  zeros,
} from '@diffad/tensor-core';
import { follow } from '../parameter.ts';
import { checkCount, checkOption } from './check-option.ts';
import type { Named } from './chunks.ts';
import { castInto } from './flat-kernels.ts';
import { Packing } from './packing.ts';

/**
 * What a step needs to be repeated exactly: the count of steps, tensors that belong to parameters, `name.slot`, and once a gate
 * was given `skipped` [1], how many of the steps were left out.
 */
export interface OptimizerState {
  readonly steps: number;
  readonly tensors: Named;
}

/** Decides on the device whether a step is taken; a loss scaler does. */
export interface Gate {
  /** [1]: 1 where all gradients computed since the last step are finite, else 0, and the step is left out. */
  judge(): Tensor;
}

/** One buffer's worth of parameters, in f32. */
export interface Flat {
  readonly weight: Tensor;
  readonly grad: Tensor;
  readonly slots: readonly Tensor[];
  /** [1]: 0 leaves the step out; undefined takes it whatever the gradients are. */
  readonly verdict: Tensor | undefined;
  /** [1]: how many steps were left out, this one included; undefined where none can have been. */
  readonly skipped: Tensor | undefined;
}

const countKernel = defineKernel(() =>
  program({
    name: 'countSkipped',
    uniforms: 'n: u32',
    inputs: { verdict: 'f32' },
    outputs: { skipped: 'f32' },
    workgroupSize: 1,
    body: 'if (gid < u.n) { skipped[gid] += 1.0 - verdict[gid]; }',
  }),
);

/**
 * Updates parameters in place from their gradients. `learningRate` may be set before every step. The parameters are laid side by
 * side (see `Packing`), so that a step takes one dispatch for each binding's worth of them, and one copy for each gradient.
 * Parameters in f16 have a master copy in f32, which is what is updated. It follows what is loaded into a module; whoever assigns to
 * such a parameter otherwise assigns to its master, and publishes.
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
  readonly #unfollow: readonly (() => void)[];
  readonly #tensors: Record<string, Tensor>;

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
    this.#unfollow = Object.entries(this.#masters).map(([name, master]) => follow(parameters[name] as Tensor, master));
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
    const verdict = gate?.judge();
    if (verdict) dispatch(countKernel(), [verdict], [this.#counter()], { uniforms: [1], workgroups: 1 });
    const { skipped } = this.#tensors;
    for (const [i, weight] of this.#weights.entries())
      scope(() => {
        const grad = this.#packing.gather(i, grads);
        this.update({ weight, grad, slots: this.#slots.map((wholes) => wholes[i] as Tensor), verdict, skipped });
      });
    this.publish();
  }

  /** How many steps were left out; it is kept only once steps may be, so that other runs are saved as they always were. */
  #counter(): Tensor {
    const { device } = this.#weights[0] as Tensor;
    this.#tensors.skipped ??= withDevice(device, () => scope(() => persist(zeros([1]))));
    return this.#tensors.skipped;
  }

  #check(grads: Named): void {
    checkOption(this.constructor.name, 'learningRate', this.learningRate, 0);
    this.#packing.expectAlive();
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

  /**
   * Continues from a saved state; `tensors` are numbers on the host. States saved before `skipped` was kept have left out nothing.
   * Throws ShapeError where the tensors are not this optimiser's, RangeError for `steps` that are no count, before anything is changed.
   */
  loadState(state: { readonly steps: number; readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    checkCount(this.constructor.name, 'steps', state.steps);
    const foreign = Object.keys(state.tensors).filter((name) => name !== 'skipped' && !this.#tensors[name]);
    if (foreign.length > 0)
      throw new ShapeError(
        `${this.constructor.name}: the saved state has ${foreign.join(', ')}, of another optimiser or other parameters`,
      );
    if (state.tensors.skipped) this.#counter();
    loadTensors(this.constructor.name, this.#tensors, { skipped: [0], ...state.tensors });
    this.#steps = state.steps;
    this.publish();
  }

  dispose(): void {
    for (const unfollow of this.#unfollow) unfollow();
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
