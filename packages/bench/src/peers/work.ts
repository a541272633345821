import type { Tensor } from '@diffad/tensor-core';
import type { Ops } from './ops.ts';

/** How an array lies: pictures [B, H, W, C] and kernels [kh, kw, in, out] may be reordered by a library, plain arrays not. */
export type Role = 'pictures' | 'kernel' | 'plain';

/** An array on the host, in our order of axes. */
export interface Host {
  readonly role: Role;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Adam, its weight decay decoupled where it is not zero. */
export interface Training {
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly weightDecay: number;
  /** Largest norm of all gradients together; null leaves them. */
  readonly clip: number | null;
}

export type Lookup<T> = (name: string) => T;

/** Finds arrays by name; asking for one there is not is a mistake of the work. */
export function lookup<T>(...records: readonly Readonly<Record<string, T>>[]): Lookup<T> {
  return (name) => {
    const found = records.find((record) => name in record)?.[name];
    if (found === undefined) throw new ReferenceError(`the work has no array ${name}`);
    return found;
  };
}

export const mapRecord = <A, B>(record: Readonly<Record<string, A>>, map: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));

/** Prepared work: every run does all of it and brings its results to the host. */
export interface Session {
  run(): Promise<Float32Array[]>;
  /** Results of a run in our order of axes. */
  ordered(results: readonly Float32Array[]): Float32Array[];
  dispose(): void;
}

/** Our own networks at a work. */
export interface Own {
  /** Those that are trained. */
  readonly parameters: Readonly<Record<string, Tensor>>;
  readonly compute: () => Tensor;
  readonly dispose: () => void;
}

/**
 * Something every library is to do. `forward` brings back what `compute` returns; `gradients` brings back the scalar and its
 * gradients by every parameter; `train` brings back the loss and moves the parameters.
 */
export interface Work {
  readonly name: string;
  readonly kind: 'forward' | 'gradients' | 'train';
  readonly parameters: Readonly<Record<string, Host>>;
  readonly inputs: Readonly<Record<string, Host>>;
  /** `get` hands out parameters and inputs by name. */
  readonly compute: <T>(ops: Ops<T>, get: Lookup<T>) => T;
  /** How the result of `forward` lies; results of the others are scalars and parameters. */
  readonly result: { readonly role: Role; readonly shape: readonly number[] };
  /** Largest difference of two results, as a share of the largest magnitude. */
  readonly tolerance: number;
  /** Of the multiplications and additions the work needs at least, where they are known. */
  readonly flops?: number;
  readonly training?: Training;
  /** How our own networks do it, where the work is one of theirs. */
  readonly own?: () => Own;
}

export type { Ops } from './ops.ts';
