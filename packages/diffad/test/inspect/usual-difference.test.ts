import { expect, test } from 'vitest';
import {
  crop,
  detect,
  type Image,
  parseConfig,
  preprocess,
  preprocessOf,
  resolveConfig,
  surfacePicture,
  usualDifference,
} from '../../src/index.ts';
import { quantile } from '../../src/metrics/quantile.ts';
import { pictures, smallest } from './smallest.ts';

/** Per pixel of two pictures [H, W, 3]. */
const largestDifferences = (one: Image, other: Image): number[] =>
  Array.from({ length: one.data.length / 3 }, (_, pixel) =>
    Math.max(
      ...[0, 1, 2].map((c) => Math.abs((one.data[3 * pixel + c] as number) - (other.data[3 * pixel + c] as number))),
    ),
  );

test('what differs adds to the logit, in units of the usual difference; nothing before it is measured or without a weight', async () => {
  const model = smallest({ assignments: ['sampling.redrawings=1', 'sampling.differenceWeight=0.5'] });
  const alone = await detect(model, pictures);
  model.usualDifference = 0.2;
  const added = await detect(model, pictures);
  for (const [i, { logit, reconstruction }] of added.entries()) {
    const differences = largestDifferences(pictures[i] as Image, reconstruction);
    for (const [pixel, value] of logit.data.entries()) {
      const expected = (alone[i]?.logit.data[pixel] as number) + (0.5 * (differences[pixel] as number)) / 0.2;
      expect(Math.abs(value - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)));
    }
  }
  const without = smallest({ assignments: ['sampling.redrawings=1', 'sampling.differenceWeight=0'] });
  without.usualDifference = 0.2;
  expect(await detect(without, pictures)).toEqual(alone);
  for (const one of [model, without]) one.dispose();
});

test.each([
  [16, 16],
  [40, 10],
])(
  'usual is what a hundredth of the pixels of a normal of %ix%i exceed, bars apart, the mean over normals',
  async (width, height) => {
    const model = smallest();
    const normals = [0, 1].map((i) =>
      crop(surfacePicture(1, i, { surface: 'woven', size: 40 }).image, { x: 0, y: 0, width, height }),
    );
    const each: number[] = [];
    for (const normal of normals) {
      const { image, frame } = preprocess(normal, preprocessOf(model.config));
      const [found] = await detect(model, [image], { redrawings: 1 });
      const largest = largestDifferences(crop(image, frame), crop(found?.reconstruction as Image, frame));
      const usual = await usualDifference(model, [normal]);
      const ascending = largest.sort((a, b) => a - b);
      expect(usual).toBeCloseTo(quantile(ascending, 0.99), 6);
      each.push(usual);
    }
    const [first, second] = each as [number, number];
    expect(await usualDifference(model, normals)).toBeCloseTo((first + second) / 2, 6);
    await expect(usualDifference(model, [])).rejects.toThrow(/at least, got none/);
    model.dispose();
  },
);

test('a configuration written before there was a weight adds nothing, as the paper does', () => {
  const { differenceWeight, ...sampling } = resolveConfig({}).sampling;
  expect(differenceWeight).toBeGreaterThan(0);
  expect(parseConfig({ ...resolveConfig({}), sampling }, 'an old file').sampling.differenceWeight).toBe(0);
  expect(resolveConfig({ preset: 'paper' }).sampling.differenceWeight).toBe(0);
});
