import { cast, scope, Tensor, within } from '@diffad/tensor-core';
import { converted, isState, isTrained } from './parameter.ts';
import { checkState, loadStored, type StateDict, storedTensor } from './state.ts';

/** Fields are written `inLayers`, PyTorch's names are `in_layers`. */
const snake = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/**
 * A layer or network: a plain object whose fields are tensors made by `parameter` and `buffer`, other modules, or arrays and
 * plain objects of these. They are found by walking the fields in the order they were assigned; nothing is registered. What stands
 * in a `#private` field, a Map or a Set is not found.
 */
export abstract class Module<Args extends readonly unknown[] = [Tensor], Out = Tensor> {
  /** Whether dropout drops and batch norm uses the batch's own moments. New modules train. */
  training = true;
  #label: string | undefined;
  #childrenLabelled = false;

  protected abstract forward(...args: Args): Out;

  /**
   * Runs `forward` in a scope of its own: what it makes is freed, what it returns moves out, an argument under a handle of its own.
   * Errors carry the path of the layer.
   */
  call(...args: Args): Out {
    if (!this.#childrenLabelled) this.#labelChildren();
    const run = (): Out => {
      const out = this.forward(...args);
      return out instanceof Tensor && args.includes(out) ? (cast(out, out.dtype) as Out) : out;
    };
    return within(this.#label ?? this.constructor.name, () => scope(run));
  }

  #labelChildren(): void {
    for (const [name, child] of this.children()) child.#label = name;
    this.#childrenLabelled = true;
  }

  /** Modules directly below, with the path of fields that leads to each. */
  *children(): Generator<[string, Module<never, unknown>]> {
    for (const [path, value] of fields(this)) if (value instanceof Module) yield [path, value];
  }

  /** This module and all below. */
  *modules(): Generator<Module<never, unknown>> {
    yield this;
    for (const [, child] of this.children()) yield* child.modules();
  }

  /** Every tensor of the state, trained or not, by its PyTorch name. */
  *#state(prefix = ''): Generator<[string, Tensor]> {
    for (const [path, value] of fields(this)) {
      const name = prefix + snake(path);
      if (value instanceof Module) yield* value.#state(`${name}.`);
      else yield [name, value];
    }
  }

  /** Trained tensors and buffers by their PyTorch names, in our layouts. */
  namedState(): Record<string, Tensor> {
    return Object.fromEntries(this.#state());
  }

  /**
   * Trained tensors by their PyTorch names, in our layouts: what `valueAndGrad` and optimisers take. One that layers share comes once,
   * under its first name.
   */
  namedParameters(): Record<string, Tensor> {
    const names = new Map<Tensor, string>();
    for (const [name, tensor] of this.#state()) if (isTrained(tensor) && !names.has(tensor)) names.set(tensor, name);
    return Object.fromEntries([...names].map(([tensor, name]) => [name, tensor]));
  }

  parameters(): Tensor[] {
    return Object.values(this.namedParameters());
  }

  /** The state on the host, as PyTorch names and stores it. */
  async stateDict(): Promise<StateDict> {
    const state: StateDict = {};
    for (const [name, tensor] of this.#state()) state[name] = await storedTensor(tensor);
    return state;
  }

  /**
   * Overwrites the state. Throws ShapeError listing every missing, unexpected and mis-shaped name, and where integers stand for floats
   * or floats for integers; then nothing is changed. PyTorch's batch counters are skipped; a tensor that layers share may come under
   * one of its names.
   */
  loadStateDict(state: StateDict): void {
    const own = this.namedState();
    checkState(this.constructor.name, own, state);
    for (const [name, tensor] of Object.entries(own)) {
      const stored = state[name];
      if (stored) loadStored(tensor, stored.data);
    }
  }

  train(training = true): this {
    for (const module of this.modules()) module.training = training;
    return this;
  }

  eval(): this {
    return this.train(false);
  }

  /**
   * Makes every trained tensor f32 or f16; buffers stay f32. For whoever computes in f16: convert before making an optimiser,
   * which keeps f32 masters. Throws DTypeError where the adapter has no shader-f16.
   */
  to(dtype: 'f32' | 'f16'): this {
    const done = new Map<Tensor, Tensor>();
    for (const module of this.modules()) convertTensors(module, dtype, done);
    return this;
  }

  /** Frees every tensor of the state. */
  dispose(): void {
    for (const [, tensor] of this.#state()) tensor.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }
}

/** Modules and state tensors reachable through fields, arrays and plain objects. */
function* fields(value: object, path = ''): Generator<[string, Module<never, unknown> | Tensor]> {
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    const name = path ? `${path}.${key}` : key;
    if (field instanceof Module || (field instanceof Tensor && isState(field))) yield [name, field];
    else if (Array.isArray(field) || isPlain(field)) yield* fields(field, name);
  }
}

/** Replaces the trained tensors directly in `value`, not those of modules below; `done` has those that are shared with others. */
function convertTensors(value: object, dtype: 'f32' | 'f16', done: Map<Tensor, Tensor>): void {
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    if (field instanceof Tensor && isTrained(field)) {
      const result = done.get(field) ?? converted(field, dtype);
      done.set(field, result);
      Reflect.set(value, key, result);
    } else if (Array.isArray(field) || isPlain(field)) convertTensors(field, dtype, done);
  }
}

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
