import type { Device, KernelTiming } from '@diffad/tensor-core';
import { callsOf, type Group, groupsOf, pathsOf } from './kernels.ts';
import { type Origins, originsOf } from './memory.ts';
import type { Roofs } from './roof.ts';
import { playRounds, type Round, type Totals, totalsOf } from './rounds.ts';
import type { Step } from './step.ts';
import type { HostSpan } from './trace.ts';

/** What is known of one step of one network. */
export interface Profile {
  readonly batch: number;
  /** `gpu`: every kernel by timestamp query; `host`: without, only the whole step is known. */
  readonly clock: 'gpu' | 'host';
  readonly totals: Totals;
  readonly roofs: Roofs | null;
  readonly dispatches: number | null;
  readonly pipelines: number;
  readonly kernels: readonly Group[];
  readonly layers: ReturnType<typeof pathsOf>;
  readonly memory: Origins;
}

/** Of the round whose kernels took the median time. */
export interface Timeline {
  readonly timings: readonly KernelTiming[];
  readonly host: readonly HostSpan[];
}

const LAYER_DEPTH = 3;

export async function profileStep(
  device: Device,
  step: Step,
  count: number,
  timestamps: boolean,
): Promise<{ profile: Profile; timeline: Timeline }> {
  const { rounds, roofs } = await playRounds(device, step, count, timestamps);
  const memory = originsOf(device, () => step.record());
  await device.sync();
  const timings = rounds.flatMap(({ timed }) => (timed ? [timed.timings] : []));
  const calls = callsOf(timings);
  const profile: Profile = {
    batch: step.batch,
    clock: timestamps ? 'gpu' : 'host',
    totals: totalsOf(rounds),
    roofs,
    dispatches: timestamps ? calls.length : null,
    pipelines: device.memory().pipelines,
    kernels: roofs ? groupsOf(calls, roofs) : [],
    layers: pathsOf(calls, LAYER_DEPTH),
    memory,
  };
  return { profile, timeline: timelineOf(rounds) };
}

function timelineOf(rounds: readonly Round[]): Timeline {
  const byWall = [...rounds].sort((a, b) => hostOf(a).wall - hostOf(b).wall);
  const median = byWall[byWall.length >> 1] as Round;
  const { recording, wall } = hostOf(median);
  const host = [
    { name: 'record', start: 0, end: recording },
    { name: 'wait for the GPU', start: recording, end: wall },
  ];
  return { timings: median.timed?.timings ?? [], host };
}

const hostOf = ({ plain, timed }: Round) => timed?.host ?? plain;
