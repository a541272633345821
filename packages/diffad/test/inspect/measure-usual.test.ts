import { expect, test } from 'vitest';
import { type Image, imageScore, measureUsual, probabilityOf, scoreKernel } from '../../src/index.ts';
import { judge } from '../../src/inspect/judge.ts';
import { levelOf } from '../../src/inspect/level.ts';
import { pictures, smallest } from './smallest.ts';

/** The pictures as a folder gives them that is read anew whenever it is gone through. */
const oneByOne: AsyncIterable<Image> = {
  async *[Symbol.asyncIterator]() {
    yield* pictures;
  },
};

test('the usual level is the median over normals, of logits that contain the difference, and measuring twice changes nothing', async () => {
  const model = smallest();
  await measureUsual(model, pictures);
  const [difference, level] = [model.usualDifference, model.usualLevel];
  expect(difference).toBeGreaterThan(0);
  model.usualLevel = null;
  const [first, second] = await Promise.all(
    pictures.map(async (picture) => levelOf((await judge(model, picture)).logit)),
  );
  expect(level).toBeCloseTo(((first as number) + (second as number)) / 2, 6);
  model.usualLevel = level;
  await measureUsual(model, pictures);
  expect([model.usualDifference, model.usualLevel]).toEqual([difference, level]);
  await measureUsual(model, oneByOne);
  expect([model.usualDifference, model.usualLevel]).toEqual([difference, level]);
  await expect(measureUsual(model, [])).rejects.toThrow(/at least, got none/);
  model.dispose();
});

test('nothing is measured that is not wanted', async () => {
  const model = smallest({ preset: 'paper', assignments: ['channelOrder=rgb'] });
  await measureUsual(model, pictures);
  expect([model.usualDifference, model.usualLevel]).toEqual([null, null]);
  model.dispose();
});

test('a picture is judged by its levelled logits, with the windows of the configuration', async () => {
  const model = smallest();
  const picture = pictures[0] as (typeof pictures)[0];
  const before = await judge(model, picture);
  model.usualLevel = levelOf(before.logit) - 2;
  const after = await judge(model, picture);
  for (const [i, logit] of after.logit.data.entries())
    expect(logit).toBeCloseTo((before.logit.data[i] as number) - 2 * model.config.scoring.background, 5);
  const kernels = model.config.scoring.windows.map((share) => scoreKernel(16, share));
  expect(after.score).toBeCloseTo(imageScore(probabilityOf(after.logit), kernels), 6);
  expect(after.score).toBeLessThan(before.score);
  model.dispose();
});
