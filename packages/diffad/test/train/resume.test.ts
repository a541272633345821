import { createHash } from 'node:crypto';
import type { LoadedFile } from '@diffad/nn';
import { expect, test, vi } from 'vitest';
import type { DiffADConfig } from '../../src/config/schema.ts';
import { Interrupted, train } from '../../src/index.ts';
import { modelTensors } from '../../src/model-file.ts';
import { type Position, positionOf } from '../../src/train/checkpoint.ts';
import { stagesOf } from '../../src/train/stages.ts';
import { throughFile, tinyConfig, tinyData } from './tiny.ts';

/** Dozens of runs on an adapter that may be slow and shared. */
vi.setConfig({ testTimeout: 400_000 });

interface Ended {
  /** The last checkpoint: networks, moments, averages, counts. */
  readonly last: LoadedFile;
  /** The finished model. */
  readonly model: LoadedFile;
  readonly prefetches: number;
}

interface Stopped {
  readonly last: LoadedFile | undefined;
  readonly message: string;
}

/** Trains, from a checkpoint if one is given, and stops when pictures are asked for the `stopAt`-th time. */
async function run(
  config: DiffADConfig,
  resume?: LoadedFile,
  stopAt = Number.POSITIVE_INFINITY,
  stages = stagesOf(config),
): Promise<Ended | Stopped> {
  const stop = new AbortController();
  const final = stages.at(-1);
  let last = resume;
  let prefetches = 0;
  const data = {
    ...tinyData(config),
    prefetch: async () => {
      if (++prefetches === stopAt) stop.abort();
    },
  };
  try {
    const model = await train({
      config,
      seed: 3,
      data,
      stages,
      signal: stop.signal,
      ...(resume && { resume }),
      save: async (checkpoint) => {
        if (Number.isFinite(stopAt) || positionOf(checkpoint).stage === final) last = await throughFile(checkpoint);
      },
    });
    const finished = await throughFile({ tensors: modelTensors(model), metadata: {} });
    model.dispose();
    return { last: last as LoadedFile, model: finished, prefetches };
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    return { last, message: error.message };
  }
}

const ended = (result: Ended | Stopped): Ended => {
  if ('message' in result) throw new Error(`stopped: ${result.message}`);
  return result;
};

/** A digest of the numbers of every tensor. */
const bits = ({ tensors }: LoadedFile): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, { data }]) => [
      name,
      createHash('sha256')
        .update(new Uint8Array(Float32Array.from(data).buffer))
        .digest('hex'),
    ]),
  );

async function survivesStops(config: DiffADConfig, stops: number): Promise<Position[]> {
  const whole = ended(await run(config));
  const positions: Position[] = [];
  for (let k = 1; k <= stops; k++) {
    const stopped = await run(config, undefined, Math.round((k * whole.prefetches) / (stops + 1)));
    if (!('message' in stopped)) throw new Error('the run was not stopped');
    if (stopped.last) positions.push(positionOf(stopped.last));
    const resumed = ended(await run(config, stopped.last));
    expect(bits(resumed.model), stopped.message).toEqual(bits(whole.model));
    expect(bits(resumed.last), stopped.message).toEqual(bits(whole.last));
    expect(positionOf(resumed.last)).toEqual(positionOf(whole.last));
  }
  return positions;
}

test('a run stopped in any stage and resumed ends with the same bits: weights, moments, averages', async () => {
  const positions = await survivesStops(tinyConfig(), 5);
  expect(new Set(positions.map(({ stage }) => stage))).toEqual(new Set(['vae', 'diffusion', 'segment']));
  expect(positions.filter(({ step }) => step > 0 && step < 3).length).toBeGreaterThan(1);
});

test('without a pool every step makes its own pictures, and resumes alike', async () => {
  await survivesStops(tinyConfig({ 'simulation.pool': 0, 'training.segment.refresh': 0 }), 1);
});

test('the baseline resumes alike', async () => {
  const positions = await survivesStops(tinyConfig({ method: 'draem' }), 1);
  expect(positions[0]).toMatchObject({ stage: 'draem' });
});

test('stages trained one by one, each from the checkpoint of the one before, end with the same bits', async () => {
  const config = tinyConfig();
  const whole = ended(await run(config));
  let last: LoadedFile | undefined;
  let model: LoadedFile | undefined;
  for (const stage of stagesOf(config)) ({ last, model } = ended(await run(config, last, undefined, [stage])));
  expect(bits(model as LoadedFile)).toEqual(bits(whole.model));
  const { last: half } = await run(config, undefined, 2);
  await expect(run(config, half, undefined, ['segment'])).rejects.toThrow(
    'train: stages segment need vae, whose checkpoint stands at step 1 of 3; train that stage to its end first',
  );
});
