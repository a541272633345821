import { existsSync, readFileSync } from 'node:fs';
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

/** The kernels of a result that `profile` wrote before. Throws one line where `file` is none. */
export function readKernels(file: string): readonly Timed[] {
  const { profile } = (parsed(file) ?? {}) as { profile?: { kernels?: unknown } | null };
  const kernels = profile?.kernels;
  if (!Array.isArray(kernels) || !kernels.every(isTimed)) throw refusal(file, 'is no result of diffad-bench profile');
  return kernels;
}

function parsed(file: string): unknown {
  if (!existsSync(file)) throw refusal(file, 'does not exist');
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw refusal(file, cause instanceof SyntaxError ? 'is no JSON' : 'cannot be read', cause);
  }
}

const refusal = (file: string, problem: string, cause?: unknown): Error =>
  new Error(`--compare ${file}: ${problem}; give the NAME.json that an earlier profile wrote`, { cause });

function isTimed(group: Partial<Timed> | null): group is Timed {
  return typeof group?.kernel === 'string' && typeof group.shapes === 'string' && Number.isFinite(group.nanoseconds);
}
