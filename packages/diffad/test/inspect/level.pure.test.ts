import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseConfig, resolveConfig } from '../../src/index.ts';
import { levelled, levelOf } from '../../src/inspect/level.ts';
import type { Model } from '../../src/model.ts';
import { images, runs } from '../image/arbitrary.ts';

const wholeOf = ({ width, height }: { width: number; height: number }) => ({ x: 0, y: 0, width, height });
const judging = (background: number, usualLevel: number | null) =>
  ({ config: resolveConfig({ assignments: [`scoring.background=${background}`] }), usualLevel }) as Model;

test('half of the values lie at or below the level, half at or above', () => {
  fc.assert(
    fc.property(images(1), (logit) => {
      const level = levelOf(logit);
      const share = (holds: (value: number) => boolean) => logit.data.filter(holds).length / logit.data.length;
      expect(share((value) => value <= level + 1e-6)).toBeGreaterThanOrEqual(0.5);
      expect(share((value) => value >= level - 1e-6)).toBeGreaterThanOrEqual(0.5);
    }),
    runs,
  );
});

test('bars beside the picture do not count', () => {
  const logit = { width: 4, height: 1, channels: 1, data: Float32Array.of(9, 1, 2, 9) };
  const result = levelled(logit, { x: 1, y: 0, width: 2, height: 1 }, judging(1, 0.5));
  expect([...result.data]).toEqual([8, 0, 1, 8]);
});

test('of a shift of all logits the share `background` is taken back, and none before the usual level is known', () => {
  const shares = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(images(1), shares, fc.double({ min: -9, max: 9, noNaN: true }), (logit, background, shift) => {
      const usual = levelOf(logit);
      const shifted = { ...logit, data: logit.data.map((value) => value + shift) };
      const model = judging(background, usual);
      const result = levelled(shifted, wholeOf(shifted), model);
      for (const [i, value] of result.data.entries())
        expect(value).toBeCloseTo((logit.data[i] as number) + (1 - background) * shift, 4);
      expect(levelled(shifted, wholeOf(shifted), judging(background, null))).toBe(shifted);
    }),
    runs,
  );
});

test('a configuration written before there was a choice is scored as in the paper', () => {
  const { scoring, ...old } = resolveConfig({});
  expect(scoring.background).toBeGreaterThan(0);
  const paper = { windows: [0.082], background: 0, lossWeight: 0 };
  expect(parseConfig(old, 'an old file').scoring).toEqual(paper);
  expect(resolveConfig({ preset: 'paper' }).scoring).toEqual(paper);
});
