import type { Group } from './kernels.ts';

type Timed = Pick<Group, 'kernel' | 'shapes' | 'calls' | 'nanoseconds'>;

/** One kernel at one shape in two profiles; null where a profile lacks it. */
export interface Change {
  readonly kernel: string;
  readonly shapes: string;
  readonly before: number | null;
  readonly after: number | null;
  /** Nanoseconds of a step gained, negative, or lost. */
  readonly difference: number;
}

/** What changed between two profiles, the largest difference first. */
export function changes(before: readonly Timed[], after: readonly Timed[]): Change[] {
  const key = ({ kernel, shapes }: Timed): string => `${kernel} ${shapes}`;
  const old = new Map(before.map((group) => [key(group), group]));
  const now = new Map(after.map((group) => [key(group), group]));
  return [...new Map([...old, ...now]).values()]
    .map((group) => {
      const { kernel, shapes } = group;
      const [then, since] = [old.get(key(group))?.nanoseconds ?? null, now.get(key(group))?.nanoseconds ?? null];
      return { kernel, shapes, before: then, after: since, difference: (since ?? 0) - (then ?? 0) };
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}
