import type { DType } from '../dtype.ts';
import { currentPath } from '../path.ts';
import { format, type Shape, sameShape } from '../shape.ts';
import { Tensor } from '../tensor.ts';

export type Saves = Readonly<Record<string, Tensor>>;
/** One gradient per input, in input order; null where none is wanted. `needs[i]` says whether input i wants one. */
export type Rule<S extends Saves> = (grad: Tensor, saved: S, needs: readonly boolean[]) => readonly (Tensor | null)[];

/** What a gradient is for: the identity of a value, and the shape and dtype that both have. */
export interface Leaf {
  readonly id: number;
  readonly shape: Shape;
  readonly dtype: DType;
}

const leafOf = ({ id, shape, dtype }: Leaf): Leaf => ({ id, shape, dtype });

export interface TapeEntry {
  readonly op: string;
  readonly path: string;
  readonly inputs: readonly Leaf[];
  readonly needs: readonly boolean[];
  readonly output: number;
  readonly saved: Saves;
  readonly rule: Rule<Saves>;
}

/** Whoever listens to ops while they run. */
interface Recording {
  /** Whether what runs has run before, in a checkpoint, and must not be counted again. */
  readonly replays: boolean;
  tracks(leaf: Leaf): boolean;
  add<S extends Saves>(op: string, inputs: readonly Leaf[], output: Tensor, saves: S, rule: Rule<S>): void;
}

/** Notes every op that depends on `roots`, what its gradient rule reads, and the rule. */
export class Tape implements Recording {
  readonly entries: TapeEntry[] = [];
  readonly replays: boolean;
  readonly #tracked: Set<number>;

  constructor(roots: Iterable<number>, replays = false) {
    this.#tracked = new Set(roots);
    this.replays = replays;
  }

  tracks({ id }: Leaf): boolean {
    return this.#tracked.has(id);
  }

  add<S extends Saves>(op: string, inputs: readonly Leaf[], output: Tensor, saves: S, rule: Rule<S>): void {
    const needs = inputs.map((input) => this.tracks(input));
    if (!needs.includes(true)) return;
    this.#tracked.add(output.id);
    const saved: Record<string, Tensor> = {};
    for (const name in saves) saved[name] = Tensor.alias(saves[name] as Tensor);
    const leaves = inputs.map(leafOf);
    // A rule is only ever called with the saves it was added with, of type S.
    const untyped = rule as unknown as Rule<Saves>;
    this.entries.push({
      op,
      path: currentPath(),
      inputs: leaves,
      needs,
      output: output.id,
      saved,
      rule: untyped,
    });
  }

  release(): void {
    for (const entry of this.entries) releaseEntry(entry);
    this.entries.length = 0;
  }
}

/** Keeps nothing but which values of the recording around it are read: the leaves of a checkpointed part. */
export class Probe implements Recording {
  readonly #outer: Recording;
  readonly #made = new Set<number>();
  readonly #leaves = new Map<number, Leaf>();

  constructor(outer: Recording) {
    this.#outer = outer;
  }

  get replays(): boolean {
    return this.#outer.replays;
  }

  get leaves(): readonly Leaf[] {
    return [...this.#leaves.values()];
  }

  made({ id }: Leaf): boolean {
    return this.#made.has(id);
  }

  tracks(leaf: Leaf): boolean {
    return this.made(leaf) || this.#outer.tracks(leaf);
  }

  add(_op: string, inputs: readonly Leaf[], output: Leaf): void {
    const tracked = inputs.filter((input) => this.tracks(input));
    if (tracked.length === 0) return;
    this.#made.add(output.id);
    for (const input of tracked) if (!this.made(input)) this.#leaves.set(input.id, leafOf(input));
  }
}

export function releaseEntry(entry: TapeEntry): void {
  for (const name in entry.saved) entry.saved[name]?.dispose();
}

let active: Recording | undefined;

export const activeTape = (): Recording | undefined => active;

/** Runs `fn` with `recording` listening; undefined pauses any recording. */
export function recordOn<T>(recording: Recording | undefined, fn: () => T): T {
  const outer = active;
  active = recording;
  try {
    return fn();
  } finally {
    active = outer;
  }
}

/** Refuses a rule's answer that does not match its inputs: always a bug of ours. */
export function checkGradients(entry: TapeEntry, grads: readonly (Tensor | null)[]): void {
  if (grads.length !== entry.inputs.length)
    throw new Error(`internal: ${entry.op}: the rule gave ${grads.length} gradients for ${entry.inputs.length} inputs`);
  entry.inputs.forEach(({ shape, dtype }, i) => {
    const grad = grads[i];
    if (grad && !(sameShape(grad.shape, shape) && grad.dtype === dtype))
      throw new Error(
        `internal: ${entry.op}: gradient ${i} is ${grad.dtype} ${format(grad.shape)}, its input ${dtype} ${format(shape)}`,
      );
    if (!grad && entry.needs[i]) throw new Error(`internal: ${entry.op}: gradient ${i} is missing`);
  });
}
