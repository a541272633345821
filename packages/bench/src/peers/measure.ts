import type { Device } from '@diffad/tensor-core';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type Environment, environment } from '../environment.ts';
import { type Summary, summarise } from '../statistics.ts';
import type { Taken } from '../time.ts';
import { Contestant } from './contestant.ts';
import { Meter } from './meter.ts';
import type { Peer } from './peer.ts';
import type { Work } from './work.ts';

/** What one library made of one work. */
export interface Measured {
  readonly peer: string;
  /** From the call to the results on the host, milliseconds. */
  readonly wall: Summary;
  /** Of all threads of the process, milliseconds: a software adapter's work as well, whatever else the machine does. */
  readonly processor: Summary;
  /** Its times over the first library's, round by round. */
  readonly wallRatio: Summary;
  readonly processorRatio: Summary;
  /** Bytes of buffers on its device, its pools included, at the most. */
  readonly peakBytes: number;
  /** Largest difference from the first library's results, as a share of the largest magnitude. */
  readonly difference: number;
}

export interface Failed {
  readonly peer: string;
  readonly failure: string;
}

export interface Compared {
  readonly work: string;
  /** Where and when. */
  readonly stamp: Environment;
  readonly tolerance: number;
  /** Multiplications and additions of the work itself. */
  readonly flops: number | null;
  readonly ceilings: Readonly<Record<keyof Ceilings, Summary>>;
  readonly measured: readonly Measured[];
  readonly failed: readonly Failed[];
}

/** Libraries on one adapter; the first is the one the others are compared with. */
export interface Field {
  /** Measures the ceilings. */
  readonly device: Device;
  readonly entries: readonly { readonly peer: Peer; readonly meter: Meter }[];
}

export const fieldOf = (device: Device, peers: readonly Peer[]): Field => ({
  device,
  entries: peers.map((peer) => ({ peer, meter: new Meter(peer.gpu) })),
});

export type Report = (line: string) => void;

/** Every library does the work `rounds` times, in turn, with the ceilings; all results are compared with the first's. */
export async function compare(field: Field, work: Work, rounds: number, report: Report): Promise<Compared> {
  const stamp = environment(field.device);
  const { contestants, failed } = await enter(field, work, report);
  const ceilings: Ceilings[] = [];
  for (let round = 0; round < rounds; round++) {
    ceilings.push(await measureCeilings(field.device));
    for (let turn = 0; turn < contestants.length; turn++)
      await contestants[(round + turn) % contestants.length]?.time();
  }
  const measured = contestants.map((contestant) => rowOf(contestant, contestants[0] as Contestant));
  for (const contestant of contestants) contestant.dispose();
  const ofCeiling = (key: keyof Ceilings): Summary => summarise(ceilings.map((sample) => sample[key]));
  return {
    work: work.name,
    stamp,
    tolerance: work.tolerance,
    flops: work.flops ?? null,
    ceilings: { fma: ofCeiling('fma'), copy: ofCeiling('copy') },
    measured,
    failed,
  };
}

/** A library that fails is reported; without the first there is nothing to compare with. */
async function enter({ entries }: Field, work: Work, report: Report) {
  const contestants: Contestant[] = [];
  const failed: Failed[] = [];
  for (const { peer, meter } of entries) {
    report(`${work.name}: ${peer.name} warms up`);
    try {
      contestants.push(await Contestant.enter(peer, meter, work));
    } catch (error) {
      if (contestants.length === 0) throw error;
      failed.push({ peer: peer.name, failure: error instanceof Error ? error.message : String(error) });
    }
  }
  return { contestants, failed };
}

function rowOf(contestant: Contestant, reference: Contestant): Measured {
  const times = (key: keyof Taken): Summary => summarise(contestant.times.map((taken) => taken[key]));
  const ratio = (key: keyof Taken): Summary =>
    summarise(contestant.times.map((taken, round) => taken[key] / (reference.times[round] as Taken)[key]));
  return {
    peer: contestant.peer.name,
    wall: times('wall'),
    processor: times('processor'),
    wallRatio: ratio('wall'),
    processorRatio: ratio('processor'),
    peakBytes: contestant.peakBytes,
    difference: contestant.differenceFrom(reference),
  };
}

/** Results with those of one work replaced or added. */
export const merge = (before: readonly Compared[], found: Compared): Compared[] =>
  [...before.filter(({ work }) => work !== found.work), found].sort((a, b) => a.work.localeCompare(b.work));

/** The libraries whose results differ more than the work allows. */
export const mismatches = ({ work, measured, tolerance }: Compared): string[] =>
  measured
    .filter(({ difference }) => !(difference <= tolerance))
    .map(({ peer, difference }) => `${work}: ${peer} differs by ${difference}, ${tolerance} is allowed`);
