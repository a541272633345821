import type { DiffAD, Model } from '@diffad/diffad';
import { quantile } from '../statistics.ts';
import { detectTime, STAGES, stageTimes } from './stages.ts';

/** Median and ninetieth percentile, in milliseconds. */
export interface Percentiles {
  readonly p50: number;
  readonly p90: number;
  readonly count: number;
}

const percentilesOf = (values: readonly number[]): Percentiles => ({
  p50: quantile(values, 0.5),
  p90: quantile(values, 0.9),
  count: values.length,
});

export interface Timing {
  /** Null for the baseline. */
  readonly steps: number | null;
  /** Each stage waited for; none for the baseline. */
  readonly stages: Readonly<Record<string, Percentiles>>;
  /** All networks in one go. */
  readonly detect: Percentiles;
}

interface Samples {
  readonly steps: number | null;
  readonly stages: Record<string, number[]>;
  readonly detect: number[];
}

/** Times all step counts and the baseline in turn, picture by picture, after a round that warms up and is thrown away. */
export async function timeSteps(
  model: DiffAD,
  baseline: Model,
  paths: readonly string[],
  counts: readonly number[],
  rounds: number,
): Promise<Timing[]> {
  const samples = [...counts, null].map((steps): Samples => ({ steps, stages: {}, detect: [] }));
  for (const warm of samples) await sample(model, baseline, paths[0] as string, { ...warm, stages: {}, detect: [] });
  for (let round = 0; round < rounds; round++)
    for (const path of paths) for (const one of samples) await sample(model, baseline, path, one);
  return samples.map(({ steps, stages, detect }) => ({
    steps,
    stages: Object.fromEntries(Object.entries(stages).map(([name, values]) => [name, percentilesOf(values)])),
    detect: percentilesOf(detect),
  }));
}

async function sample(model: DiffAD, baseline: Model, path: string, { steps, stages, detect }: Samples): Promise<void> {
  if (steps === null) {
    detect.push(await detectTime(baseline, path));
    return;
  }
  detect.push(await detectTime(model, path, steps));
  const times = await stageTimes(model, path, steps);
  for (const stage of STAGES) stages[stage] = [...(stages[stage] ?? []), times[stage]];
}
