import { expect, test, vi } from 'vitest';
import { train } from '../../src/index.ts';
import type { StageName } from '../../src/train/stage.ts';
import { tinyConfig, tinyData } from './tiny.ts';

/** Dozens of runs on an adapter that may be slow and shared. */
vi.setConfig({ testTimeout: 400_000 });

/** The losses of a stage, each a mean over ten steps. */
async function losses(method: 'diffad' | 'draem'): Promise<Map<StageName, number[]>> {
  const found = new Map<StageName, number[]>();
  const longer = Object.fromEntries(
    ['training.vae', 'training.diffusion', 'training.segment', 'draem'].map((stage) => [`${stage}.steps`, 40]),
  );
  const config = tinyConfig({ ...longer, method, 'training.segment.refresh': 0 });
  const model = await train({
    config,
    seed: 1,
    data: tinyData(config),
    onMetrics: ({ stage, loss }) => void found.set(stage, [...(found.get(stage) ?? []), loss as number]),
  });
  model.dispose();
  return found;
}

test('the loss of every stage falls', async () => {
  for (const [stage, values] of [...(await losses('diffad')), ...(await losses('draem'))]) {
    expect(values, stage).toHaveLength(4);
    expect(values.at(-1), stage).toBeLessThan(0.97 * (values[0] as number));
  }
});
