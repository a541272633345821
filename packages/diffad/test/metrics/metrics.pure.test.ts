import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  auPro,
  auroc,
  averagePrecision,
  bestF1,
  createImage,
  createMask,
  type Image,
  type Mask,
} from '../../src/index.ts';
import { rocCurve } from '../../src/metrics/curves.ts';
import { walkDown } from '../../src/metrics/ranking.ts';
import * as naive from './naive.ts';

/** Few distinct scores, so that ties abound; negative ones and both zeros too. Both labels occur. */
const cases = fc
  .array(
    fc.record({
      score: fc.oneof(fc.constantFrom(-1.5, -0, 0, 0.25, 0.5), fc.float({ noNaN: true, min: -8, max: 8 })),
      label: fc.integer({ min: 0, max: 1 }),
    }),
    { minLength: 2, maxLength: 60 },
  )
  .filter((items) => items.some(({ label }) => label === 1) && items.some(({ label }) => label === 0))
  .map((items) => ({ scores: items.map(({ score }) => score), labels: items.map(({ label }) => label) }));

const vector = { labels: [0, 0, 1, 1, 0, 1], scores: [0.1, 0.4, 0.35, 0.8, 0.8, 0.4] };

test('the test vector of the specification', () => {
  expect(auroc(vector.scores, vector.labels)).toBeCloseTo(0.555556, 6);
  expect(averagePrecision(vector.scores, vector.labels)).toBeCloseTo(0.533333, 6);
});

test('AUROC is the share of pairs in the right order, ties counting half', () => {
  fc.assert(
    fc.property(cases, ({ scores, labels }) => {
      expect(auroc(scores, labels)).toBeCloseTo(naive.auroc(scores, labels), 10);
    }),
  );
});

test('average precision sums precision over the steps of recall', () => {
  fc.assert(
    fc.property(cases, ({ scores, labels }) => {
      expect(averagePrecision(scores, labels)).toBeCloseTo(naive.averagePrecision(scores, labels), 10);
    }),
  );
});

test('best F1 is the best over every threshold, and its threshold reaches it', () => {
  fc.assert(
    fc.property(cases, ({ scores, labels }) => {
      const { f1, threshold } = bestF1(scores, labels);
      expect(f1).toBeCloseTo(naive.bestF1(scores, labels), 10);
      expect(naive.f1(scores.map(Math.fround), labels, threshold)).toBeCloseTo(f1, 10);
    }),
  );
});

test('judged by it, the pictures that best F1 counts are found, however little their scores exceed what float32 can tell', () => {
  const doubles = fc.array(
    fc.record({ score: fc.double({ noNaN: true, min: 0, max: 1 }), label: fc.integer({ min: 0, max: 1 }) }),
    { minLength: 2, maxLength: 40 },
  );
  fc.assert(
    fc.property(doubles, (items) => {
      const labels = [1, 0, ...items.map(({ label }) => label)];
      const scores = [0.6994846761226654, 0.1, ...items.map(({ score }) => score)];
      const { f1, threshold } = bestF1(scores, labels);
      const found = labels.filter((_, i) => (scores[i] as number) >= threshold);
      const [hits, defects] = [found, labels].map((some) => some.filter((label) => label === 1).length) as [
        number,
        number,
      ];
      expect((2 * hits) / (found.length + defects)).toBeCloseTo(f1, 12);
    }),
  );
});

test('the order of equal scores does not matter; constant scores are worth nothing', () => {
  const labels = [1, 0, 0, 1, 0];
  const scores = [0.5, 0.5, 0.5, 0.5, 0.5];
  expect(auroc(scores, labels)).toBe(0.5);
  expect(averagePrecision(scores, labels)).toBeCloseTo(0.4, 12);
  expect(auroc([...scores].reverse(), [...labels].reverse())).toBe(0.5);
});

test('the ROC curve runs from (0, 0) to (1, 1) and rises', () => {
  fc.assert(
    fc.property(cases, ({ scores, labels }) => {
      const points = rocCurve(scores, labels);
      expect(points[0]).toEqual({ x: 0, y: 0 });
      expect(points.at(-1)).toEqual({ x: 1, y: 1 });
      for (let i = 1; i < points.length; i++)
        expect((points[i]?.x ?? 0) + (points[i]?.y ?? 0)).toBeGreaterThanOrEqual(
          (points[i - 1]?.x ?? 0) + (points[i - 1]?.y ?? 0),
        );
    }),
  );
});

test('scores that cannot be ranked are refused by name', () => {
  expect(() => auroc([1, Number.NaN], [0, 1])).toThrow('score 1 is NaN');
  expect(() => auroc([1, 2, 3], [0, 1])).toThrow('auroc: 3 scores but 2 labels');
  expect(() => averagePrecision([1, 2], [0, 0])).toThrow('averagePrecision: needs both labels, got 0 of 1 and 2 of 0');
});

test('elements come from the highest score to the lowest, each once', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true }), { minLength: 1, maxLength: 50 }), (scores) => {
      const [seen, ties]: [number[], number[]] = [[], []];
      walkDown(
        'test',
        scores,
        scores.map((_, i) => i),
        (id) => seen.push(id),
        (score) => ties.push(score),
      );
      expect([...seen].sort((a, b) => a - b)).toEqual(scores.map((_, i) => i));
      expect(ties).toEqual([...new Set(scores.map((score) => score + 0))].sort((a, b) => b - a));
    }),
  );
});

const SIDE = 6;
const pictures = fc
  .array(
    fc.record({
      map: fc.array(fc.constantFrom(0, 0.1, 0.2, 0.5, 0.7, 0.9), { minLength: SIDE ** 2, maxLength: SIDE ** 2 }),
      mask: fc.array(fc.constantFrom(0, 0, 0, 1), { minLength: SIDE ** 2, maxLength: SIDE ** 2 }),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .filter((items) => items.some(({ mask }) => mask.includes(1)));

const mapOf = (data: readonly number[]): Image => ({
  width: SIDE,
  height: SIDE,
  channels: 1,
  data: Float32Array.from(data),
});
const maskOf = (data: readonly number[]): Mask => ({ width: SIDE, height: SIDE, data: Uint8Array.from(data) });

test('AU-PRO as defined, threshold by threshold', () => {
  fc.assert(
    fc.property(pictures, fc.constantFrom(0.05, 0.3, 1), (items, limit) => {
      const maps = items.map(({ map }) => mapOf(map));
      const masks = items.map(({ mask }) => maskOf(mask));
      expect(auPro(maps, masks, { limit })).toBeCloseTo(naive.auPro(maps, masks, limit), 8);
    }),
    { numRuns: 60 },
  );
});

function speckles(side: number, value: (i: number) => number): { map: Image; mask: Mask } {
  const [map, mask] = [createImage(side, side, 1), createMask(side, side)];
  for (let y = 10; y < 14; y++) for (let x = 20; x < 50; x++) mask.data[y * side + x] = 1;
  for (let y = 40; y < 60; y++) mask.data[y * side + 5] = 1;
  for (let i = 0; i < map.data.length; i++) map.data[i] = value(i);
  return { map, mask };
}

test('AU-PRO is 1 for a perfect map and about 0.15 for one that knows nothing', () => {
  const { mask } = speckles(64, () => 0);
  const perfect = { ...speckles(64, () => 0).map, data: Float32Array.from(mask.data) };
  expect(auPro([perfect], [mask])).toBeCloseTo(1, 12);
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const many = Array.from({ length: 8 }, () => speckles(64, random));
  const value = auPro(
    many.map(({ map }) => map),
    many.map((one) => one.mask),
  );
  expect(Math.abs(value - 0.15)).toBeLessThan(0.03);
});

test('defects that touch at a corner are one', () => {
  const mask = maskOf(Array.from({ length: SIDE ** 2 }, (_, i) => (i === 0 || i === SIDE + 1 ? 1 : 0)));
  // Half of the only defect is found before any false alarm: as one region it is half covered.
  const map = mapOf(Array.from({ length: SIDE ** 2 }, (_, i) => (i === 0 ? 1 : i === SIDE + 1 ? -1 : 0)));
  expect(auPro([map], [mask])).toBeCloseTo(naive.auPro([map], [mask], 0.3), 10);
  expect(auPro([map], [mask], { limit: 0.3 })).toBeCloseTo(0.5, 10);
});

test('AU-PRO needs a defect, and maps that fit their masks', () => {
  const blank = createMask(SIDE, SIDE);
  expect(() => auPro([mapOf(new Array(36).fill(0))], [blank])).toThrow('got 0 defects and 36 normal pixels');
  expect(() => auPro([createImage(3, 4, 1)], [blank])).toThrow('map 0 is 3x4, its mask 6x6');
});
