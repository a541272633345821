import type { Device } from '@diffad/tensor-core';
import { type Ceilings, measureCeilings } from '../ceilings.ts';
import { type Summary, summarise } from '../statistics.ts';
import { warmUp } from '../time.ts';
import type { Case } from './case.ts';
import { type Sample, sample } from './sample.ts';

/** What one kernel family needs for one direction of one op. */
export interface Measurement {
  readonly op: string;
  readonly where: string;
  readonly inputs: Case['inputs'];
  readonly direction: 'forward' | 'gradients';
  readonly variant: string;
  readonly milliseconds: Summary;
  readonly gflops: number;
  readonly gigabytes: number;
  /** Share of the adapter's multiplications and of its copying speed, at the medians. */
  readonly ofMultiplications: number;
  readonly ofCopying: number;
}

export interface Measured {
  readonly ceilings: Readonly<Record<keyof Ceilings, Summary>>;
  readonly measurements: readonly Measurement[];
}

/** Runs every case on every device, `rounds` times in turn with the ceilings, so that all meet the same load. */
export async function measure(
  devices: readonly [Device, ...Device[]],
  cases: readonly Case[],
  rounds: number,
  report: (line: string) => void,
): Promise<Measured> {
  const entries = cases.flatMap((item) => devices.map((device) => ({ item, device, samples: [] as Directions[] })));
  const ceilings: Ceilings[] = [];
  await warmUp(devices[0], () => measureCeilings(devices[0]));
  for (const { item, device } of entries) {
    report(`warming up: ${item.op}, ${item.where}, ${device.info.variant}`);
    await warmUp(device, () => sample(device, item));
    device.trim();
  }
  for (let round = 1; round <= rounds; round++) {
    report(`round ${round} of ${rounds}`);
    ceilings.push(await measureCeilings(devices[0]));
    for (const { item, device, samples } of entries) {
      samples.push(await sample(device, item));
      device.trim();
    }
  }
  const top = { fma: summarise(ceilings.map(({ fma }) => fma)), copy: summarise(ceilings.map(({ copy }) => copy)) };
  const measurements = entries.flatMap(({ item, device, samples }) =>
    (['forward', 'gradients'] as const).map((direction) => {
      const taken = samples.map((both) => both[direction]);
      const { op, where, inputs } = item;
      return { op, where, inputs, direction, variant: device.info.variant, ...speeds(taken, top) };
    }),
  );
  return { ceilings: top, measurements };
}

type Directions = Awaited<ReturnType<typeof sample>>;

function speeds(samples: readonly Sample[], { fma, copy }: Measured['ceilings']) {
  const time = summarise(samples.map(({ nanoseconds }) => nanoseconds));
  const { flops, bytes } = samples[0] as Sample;
  const [gflops, gigabytes] = [flops / time.median, bytes / time.median];
  const { lower, median, upper, count } = time;
  return {
    milliseconds: { lower: lower / 1e6, median: median / 1e6, upper: upper / 1e6, count },
    gflops,
    gigabytes,
    ofMultiplications: gflops / fma.median,
    ofCopying: gigabytes / copy.median,
  };
}
