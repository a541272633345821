import type { DeviceInfo } from '../gpu/device.ts';
import { type Across, rowsOf } from '../wgsl/fold.ts';
import { SUBGROUP } from '../wgsl/subgroup-tile.ts';

/** Who folds columns, and over how many workgroups or invocations. */
export interface FoldGrid {
  readonly across: Across;
  readonly subgroup: number;
  /** Uniform `n` of the kernel. */
  readonly n: number;
  readonly grid: { readonly workgroups: number } | { readonly invocations: number };
}

/** Shorter columns are left to one invocation each. */
const SHORTEST = { software: 32, gpu: 64 } as const;

/** The grid that folds `length` numbers in each of `columns` columns of `parts` parts. */
export function foldGrid(info: DeviceInfo, parts: number, length: number, columns: number): FoldGrid {
  const across = acrossFor(info, length, columns);
  const n = parts * (typeof across === 'string' || across === 0 ? columns : Math.ceil(columns / across));
  return { across, subgroup: info.subgroupSize, n, grid: across === 0 ? { invocations: n } : { workgroups: n } };
}

/**
 * GPU: as narrow as holds the columns, so that few invocations idle; at most 32, whose neighbours read whole cache lines.
 * Software: a subgroup for a single column, so that its invocations read neighbours and not rows that share a cache set.
 */
function acrossFor({ variant, subgroupSize }: DeviceInfo, length: number, columns: number): Across {
  if (length < SHORTEST[variant]) return 0;
  if (variant === 'software') return columns === 1 && subgroupSize === SUBGROUP ? 'subgroup' : 0;
  return ([1, 2, 4, 8, 16] as const).find((n) => n >= columns) ?? 32;
}

/** Workgroups or, on software adapters, invocations that give every processor work. */
const ENOUGH = { software: 32, gpu: 512 } as const;

/** What one invocation adds up at most: a longer sum in f32 drifts. */
const LONGEST = 1024;

/** Long folds are cut into slices: of few results, so that every processor has work, and wherever one invocation would fold too much. */
export function slicesFor(info: DeviceInfo, parts: number, length: number, columns: number): number {
  const { across, n } = foldGrid(info, parts, length, columns);
  const busy = Math.min(Math.ceil(ENOUGH[info.variant] / n), Math.floor(length / shortestSlice(across)));
  return Math.max(1, busy, Math.ceil(length / (LONGEST * foldedBy(across))));
}

/** Invocations that share out one column. */
function foldedBy(across: Across): number {
  if (across === 'subgroup') return SUBGROUP;
  return across === 0 ? 1 : rowsOf(across);
}

/** A shorter slice costs more to launch and add than it gains. A workgroup waits for memory at every step: sixteen are worth a launch. */
const shortestSlice = (across: Across): number =>
  typeof across === 'string' || across === 0 ? 64 : 16 * rowsOf(across);
