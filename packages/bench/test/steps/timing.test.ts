import { join } from 'node:path';
import { createModel, type DiffAD, resolveConfig, surfacePicture, toBytes } from '@diffad/diffad';
import { writePng } from '@diffad/diffad/node';
import { expect, test, vi } from 'vitest';
import { detectTime, STAGES, stageTimes } from '../../src/steps/stages.ts';
import { timeSteps } from '../../src/steps/timing.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const assignments = [
  'size=16',
  'autoencoder={"channels":4,"multipliers":[1,2],"groups":2}',
  'unet={"channels":8,"multipliers":[1],"attentionAt":[],"headChannels":8,"groups":4}',
  'discriminator={"width":4,"depth":2}',
  'draem.width=4',
];

test('the stages do what inspection does in one go: every redrawing is sampled, decoded and compared', async () => {
  const path = join(temporaryFolder(), 'picture.png');
  await writePng(path, toBytes(surfacePicture(1, 0, { surface: 'woven', size: 20 }).image));
  const model = createModel(resolveConfig({ assignments: [...assignments, 'sampling.redrawings=3'] })).eval() as DiffAD;
  const work = (['encode', 'sample', 'reveal', 'mark'] as const).map((name) => vi.spyOn(model, name));
  const calls = async (run: () => Promise<unknown>): Promise<number[]> => {
    for (const one of work) one.mockClear();
    await run();
    return work.map(({ mock }) => mock.calls.length);
  };
  const staged = await calls(() => stageTimes(model, path, 2));
  expect(staged).toEqual(await calls(() => detectTime(model, path, 2)));
  expect(staged).toEqual([1, 3, 3, 3]);
  model.dispose();
});

test('every stage of every step count is timed as often as asked, the baseline as a whole', async () => {
  const folder = temporaryFolder();
  const paths = [0, 1].map((index) => join(folder, `${index}.png`));
  for (const [index, path] of paths.entries())
    await writePng(path, toBytes(surfacePicture(1, index, { surface: 'woven', size: 20 }).image));
  const model = createModel(resolveConfig({ assignments })).eval() as DiffAD;
  const baseline = createModel(resolveConfig({ assignments: [...assignments, 'method=draem'] })).eval();
  const timings = await timeSteps(model, baseline, paths, [1, 3], 2);
  model.dispose();
  baseline.dispose();
  expect(timings.map(({ steps }) => steps)).toEqual([1, 3, null]);
  for (const { steps, stages, detect } of timings) {
    expect(Object.keys(stages)).toEqual(steps === null ? [] : [...STAGES]);
    for (const times of [...Object.values(stages), detect]) {
      expect(times.count).toBe(4);
      expect(times.p50).toBeGreaterThan(0);
      expect(times.p90).toBeGreaterThanOrEqual(times.p50);
    }
  }
});
