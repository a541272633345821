import { persist, ShapeError, scope, Tensor, withDevice, zeros } from '@diffad/tensor-core';
import { isState, isTrained } from '../parameter.ts';
import {
  type Chunk,
  copyTogether,
  moveTogether,
  type Named,
  type Place,
  padded,
  partsOf,
  plan,
  wholeOf,
} from './chunks.ts';

/**
 * Tensors laid side by side in few large buffers, so that one dispatch reaches them all. Every tensor stays what it was; only
 * where its elements lie changes. Tensors that lie in a pack already stay there, and buffers of modules, which ops write, stay alone.
 */
export class Packing {
  readonly #owner: string;
  readonly #tensors: Named;
  readonly #chunks: readonly Chunk[];
  readonly #device: Tensor['device'];
  /** The elements of each chunk; alive until `dispose`. */
  readonly wholes: readonly Tensor[];

  constructor(owner: string, tensors: Named) {
    const all = Object.entries(tensors);
    if (all.length === 0) throw new ShapeError(`${owner}: no parameters given`);
    checkDistinct(owner, all);
    this.#owner = owner;
    this.#tensors = tensors;
    this.#device = (all[0] as [string, Tensor])[1].device;
    const planned = plan(all);
    const found = scope(() => planned.map((chunk) => persisted(wholeOf(chunk, tensors))));
    if (found.every((whole) => whole !== undefined)) {
      this.#chunks = planned;
      this.wholes = found;
      return;
    }
    for (const whole of found) whole?.dispose();
    const movable = all.filter(([, tensor]) => !lies(tensor) && (isTrained(tensor) || !isState(tensor)));
    const fresh = plan(movable);
    const alone = all.filter((entry) => !movable.includes(entry));
    this.#chunks = [
      ...fresh,
      ...alone.map(([name, { shape, size }]) => ({ slots: [{ name, shape, begin: 0 }], size })),
    ];
    this.wholes = scope(() => [
      ...fresh.map((chunk) => persist(moveTogether(chunk, tensors))),
      ...alone.map(([, tensor]) => persist(Tensor.view(tensor, [tensor.size]))),
    ]);
  }

  /** Throws ReferenceError where tensors have ended: what lies in the pack is theirs no more, and changes to it reach nobody. */
  expectAlive(): void {
    const ended = Object.keys(this.#tensors).filter((name) => this.#tensors[name]?.disposed);
    if (ended.length > 0)
      throw new ReferenceError(
        `${this.#owner}: ${ended.join(', ')} disposed or replaced since, as to('f16') does; make a new ${this.#owner} after it`,
      );
  }

  /** For each chunk as many f32 zeros, alive until they are disposed. */
  zeros(): Tensor[] {
    return this.wholes.map((_, i) => this.zerosOf(i));
  }

  /** The same for one chunk. */
  zerosOf(index: number): Tensor {
    const { size } = this.#chunks[index] as Chunk;
    return withDevice(this.#device, () => scope(() => persist(zeros([padded(size)]))));
  }

  /** The tensors that lie in `wholes`, one for each chunk that has any, by name and `suffix`; alive until they are disposed. */
  parts(wholes: readonly (Tensor | undefined)[], suffix = ''): Record<string, Tensor> {
    return scope(() => {
      const parts = this.#chunks.flatMap((chunk, i) => {
        const whole = wholes[i];
        return whole ? partsOf(chunk, whole) : [];
      });
      return Object.fromEntries(parts.map(([name, part]) => [name + suffix, persist(part)]));
    });
  }

  /** `values` as f32 and in the order of chunk `index`: where they lie if they lie so, else a copy. */
  gather(index: number, values: Named): Tensor {
    const chunk = this.#chunks[index] as Chunk;
    const [head] = chunk.slots;
    if (head && values[head.name]?.dtype === 'f32') {
      const found = wholeOf(chunk, values);
      if (found) return found;
    }
    return scope(() => copyTogether(chunk, values, 'anything'));
  }

  dispose(): void {
    for (const whole of this.wholes) whole.dispose();
  }
}

const persisted = (tensor: Tensor | undefined): Tensor | undefined => tensor && persist(tensor);

function checkDistinct(owner: string, tensors: readonly [string, Tensor][]): void {
  const names = new Map<number, string>();
  for (const [name, { id }] of tensors) {
    const other = names.get(id);
    if (other !== undefined) throw new ShapeError(`${owner}: ${other} and ${name} are the same tensor; give it once`);
    names.set(id, name);
  }
}

/** Whether a tensor is a part of something already. */
const lies = (tensor: Tensor): boolean => scope(() => Tensor.wholeOf(tensor) !== undefined);

/** f32 copies of tensors, side by side with zeros between them; `place` makes each. */
export function packedCopies(
  values: Named,
  place?: Place,
): { readonly wholes: readonly Tensor[]; readonly parts: Named } {
  return scope(() => {
    const chunks = plan(Object.entries(values));
    const wholes = chunks.map((chunk) => copyTogether(chunk, values, 'zeros', place));
    const parts = chunks.flatMap((chunk, i) => partsOf(chunk, wholes[i] as Tensor));
    return { wholes, parts: Object.fromEntries(parts) };
  });
}
