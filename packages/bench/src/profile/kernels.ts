import type { KernelTiming } from '@diffad/tensor-core';
import { quantile } from '../statistics.ts';
import { type Bound, boundOf, type Load, type Roofs } from './roof.ts';

/** One dispatch of a step over all rounds. */
export interface Call {
  readonly kernel: string;
  readonly shapes: string;
  readonly path: string;
  /** Median of the rounds. */
  readonly nanoseconds: number;
  readonly flops: number;
  readonly bytes: number;
}

/** Dispatches that share a key. */
export interface Group extends Load, Bound {
  readonly kernel: string;
  readonly shapes: string;
  /** The layers they ran for, the dearest first. */
  readonly paths: readonly string[];
  /** Of the time of all kernels. */
  readonly ofTotal: number;
}

/** The rounds dispatch by dispatch. Throws where they did not record the same kernels. */
export function callsOf(rounds: readonly (readonly KernelTiming[])[]): Call[] {
  const [first = []] = rounds;
  for (const [round, timings] of rounds.entries())
    if (timings.length !== first.length)
      throw new RangeError(`round ${round} has ${timings.length} dispatches, the first ${first.length}`);
  return first.map(({ kernel, label, path, flops, bytes }, i) => {
    const times = rounds.map((timings) => {
      const { start, end, kernel: name } = timings[i] as KernelTiming;
      if (name !== kernel) throw new RangeError(`dispatch ${i} is ${kernel} in one round and ${name} in another`);
      return end - start;
    });
    return { kernel, shapes: label, path, nanoseconds: quantile(times, 0.5), flops, bytes };
  });
}

/** Calls that agree in kernel and shapes, the dearest first. */
export function groupsOf(calls: readonly Call[], roofs: Roofs): Group[] {
  const total = sum(calls, 'nanoseconds');
  return [...grouped(calls, ({ kernel, shapes }) => `${kernel} ${shapes}`).values()]
    .map((members): Group => {
      const [{ kernel, shapes }] = members;
      const load = loadOf(members);
      const paths = pathsOf(members).map(({ path }) => path);
      return { kernel, shapes, ...load, paths, ofTotal: load.nanoseconds / total, ...boundOf(load, roofs) };
    })
    .sort((a, b) => b.nanoseconds - a.nanoseconds);
}

/** Time by layer, paths cut to `depth` names, the dearest first. */
export function pathsOf(calls: readonly Call[], depth = Number.POSITIVE_INFINITY) {
  const cut = (path: string): string => path.split('.').slice(0, depth).join('.') || 'outside layers';
  return [...grouped(calls, ({ path }) => cut(path))]
    .map(([path, members]) => ({ path, ...loadOf(members) }))
    .sort((a, b) => b.nanoseconds - a.nanoseconds);
}

const loadOf = (calls: readonly Call[]): Load => ({
  calls: calls.length,
  nanoseconds: sum(calls, 'nanoseconds'),
  flops: sum(calls, 'flops'),
  bytes: sum(calls, 'bytes'),
});

const sum = (calls: readonly Call[], key: 'nanoseconds' | 'flops' | 'bytes'): number =>
  calls.reduce((total, call) => total + call[key], 0);

function grouped(calls: readonly Call[], key: (call: Call) => string): Map<string, [Call, ...Call[]]> {
  const groups = new Map<string, [Call, ...Call[]]>();
  for (const call of calls) {
    const members = groups.get(key(call));
    if (members) members.push(call);
    else groups.set(key(call), [call]);
  }
  return groups;
}
