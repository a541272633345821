import type { Device, KernelTiming } from '@diffad/tensor-core';
import { measureCeilings, measureLaunch } from '../ceilings.ts';
import { quantile, type Summary, summarise } from '../statistics.ts';
import { taken, warmUp } from '../time.ts';
import type { Roofs } from './roof.ts';
import type { Step } from './step.ts';

/** Milliseconds of one run of a step as the host sees it. */
export interface HostTime {
  /** Until everything was recorded. */
  readonly recording: number;
  /** Until the GPU was done. */
  readonly wall: number;
  /** Of all threads of the process, a software adapter's among them. */
  readonly processor: number;
}

/** A step without and with every dispatch timed, one after the other, so that both meet the same load. */
export interface Round {
  readonly plain: HostTime;
  /** Null on adapters without timestamp queries. */
  readonly timed: { readonly host: HostTime; readonly timings: readonly KernelTiming[] } | null;
}

export interface Rounds {
  readonly rounds: readonly Round[];
  readonly roofs: Roofs | null;
}

/** Times `count` rounds after the step made no more pipelines; `timestamps` false takes the host's clock alone. */
export async function playRounds(device: Device, step: Step, count: number, timestamps: boolean): Promise<Rounds> {
  await warmUp(device, () => hostTime(device, step));
  await hostTime(device, step);
  const rounds: Round[] = [];
  const roofs: Roofs[] = [];
  if (timestamps) await warmUp(device, () => roofsOf(device));
  for (let i = 0; i < count; i++) {
    if (timestamps) roofs.push(await roofsOf(device));
    // Whichever comes second finds the machine warmer; they change places.
    const first = i % 2 === 0 ? await hostTime(device, step) : null;
    const timed = timestamps ? await gpuTime(device, step) : null;
    rounds.push({ plain: first ?? (await hostTime(device, step)), timed });
  }
  const median = (key: keyof Roofs): number =>
    quantile(
      roofs.map((sample) => sample[key]),
      0.5,
    );
  return {
    rounds,
    roofs: timestamps ? { fma: median('fma'), copy: median('copy'), launch: median('launch') } : null,
  };
}

const roofsOf = async (device: Device): Promise<Roofs> => ({
  ...(await measureCeilings(device)),
  launch: await measureLaunch(device),
});

async function hostTime(device: Device, step: Step): Promise<HostTime> {
  await device.sync();
  let recording = 0;
  const { wall, processor } = await taken(async () => {
    const started = performance.now();
    step.record();
    recording = performance.now() - started;
    await device.sync();
  });
  return { recording, wall, processor };
}

async function gpuTime(device: Device, step: Step): Promise<NonNullable<Round['timed']>> {
  let host: HostTime = { recording: 0, wall: 0, processor: 0 };
  const timings = await device.profile(async () => {
    host = await hostTime(device, step);
  });
  return { host, timings };
}

/** Where the time of a step goes, milliseconds; null where only the host's clock is known. */
export interface Totals {
  readonly recording: Summary;
  readonly wall: Summary;
  readonly processor: Summary;
  readonly gpu: {
    /** Of all kernels together. */
    readonly kernels: Summary;
    /** From the first kernel's start to the last one's end. */
    readonly span: Summary;
    /** Kernels over span: what is missing are gaps. */
    readonly covered: Summary;
    /** Time with every dispatch timed over that without, less one: of the clock, and of the processor. */
    readonly wallCost: Summary;
    readonly processorCost: Summary;
  } | null;
}

export function totalsOf(rounds: readonly Round[]): Totals {
  const of = (value: (round: Round) => number): Summary => summarise(rounds.map(value));
  const timed = rounds.every((round) => round.timed !== null);
  return {
    recording: of(({ plain }) => plain.recording),
    wall: of(({ plain }) => plain.wall),
    processor: of(({ plain }) => plain.processor),
    gpu: timed
      ? {
          kernels: of((round) => kernelTime(round) / 1e6),
          span: of((round) => span(round) / 1e6),
          covered: of((round) => kernelTime(round) / span(round)),
          wallCost: of((round) => cost(round, 'wall')),
          processorCost: of((round) => cost(round, 'processor')),
        }
      : null,
  };
}

const cost = ({ plain, timed }: Round, key: 'wall' | 'processor'): number =>
  (timed?.host ?? plain)[key] / plain[key] - 1;

const kernelTime = ({ timed }: Round): number =>
  (timed?.timings ?? []).reduce((total, { start, end }) => total + end - start, 0);

const span = ({ timed }: Round): number => {
  const timings = timed?.timings ?? [];
  return (timings.at(-1)?.end ?? 0) - (timings[0]?.start ?? 0);
};
