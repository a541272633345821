import { persist, ShapeError, scope, type Tensor, zeros } from '@diffad/tensor-core';

export type Named = Readonly<Record<string, Tensor>>;
/** What a step needs to be repeated exactly: the count of steps and tensors that belong to parameters, `name.slot`. */
export interface OptimizerState {
  readonly steps: number;
  readonly tensors: Named;
}

/** Updates parameters in place from their gradients. `learningRate` may be set before every step. */
export abstract class Optimizer {
  learningRate: number;
  #steps = 0;
  readonly #parameters: Named;
  readonly #slots: Readonly<Record<string, readonly Tensor[]>>;

  /** `slots` tensors as large as the parameter are kept for each, zero at first. */
  constructor(parameters: Named, learningRate: number, slots: number) {
    this.learningRate = learningRate;
    this.#parameters = parameters;
    const kept = ({ shape }: Tensor): Tensor[] => Array.from({ length: slots }, () => persist(zeros(shape)));
    this.#slots = scope(() =>
      Object.fromEntries(Object.entries(parameters).map(([name, parameter]) => [name, kept(parameter)])),
    );
  }

  get steps(): number {
    return this.#steps;
  }

  /** One update; `grads` as `valueAndGrad` gives them for the named parameters. They stay the caller's. */
  step(grads: Named): void {
    const missing = Object.keys(this.#parameters).filter((name) => !grads[name]);
    if (missing.length > 0)
      throw new ShapeError(
        `${this.constructor.name}: no gradient for ${missing.join(', ')}; pass valueAndGrad's grads of the same names`,
      );
    this.#steps++;
    for (const [name, parameter] of Object.entries(this.#parameters))
      this.update(parameter, grads[name] as Tensor, this.#slots[name] as readonly Tensor[]);
  }

  protected abstract update(parameter: Tensor, grad: Tensor, slots: readonly Tensor[]): void;

  state(): OptimizerState {
    const tensors = Object.entries(this.#slots).flatMap(([name, slots]) =>
      slots.map((slot, i): [string, Tensor] => [`${name}.${i}`, slot]),
    );
    return { steps: this.#steps, tensors: Object.fromEntries(tensors) };
  }

  /** Continues from a saved state; `tensors` may be numbers on the host. */
  loadState(state: { readonly steps: number; readonly tensors: Readonly<Record<string, ArrayLike<number>>> }): void {
    const own = this.state().tensors;
    const missing = Object.keys(own).filter((name) => !(name in state.tensors));
    if (missing.length > 0)
      throw new ShapeError(`${this.constructor.name}: the saved state lacks ${missing.join(', ')}`);
    for (const [name, slot] of Object.entries(own)) slot.assign(state.tensors[name] as ArrayLike<number>);
    this.#steps = state.steps;
  }

  dispose(): void {
    for (const slot of Object.values(this.state().tensors)) slot.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}
