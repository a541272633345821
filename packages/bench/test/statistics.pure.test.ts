import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantile, summarise } from '../src/statistics.ts';
import { digits, table } from '../src/table.ts';

const sample = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 });

test('quartiles are in order, inside the sample, and do not see its order', () => {
  fc.assert(
    fc.property(sample, (values) => {
      const { lower, median, upper, count } = summarise(values);
      const ordered = [Math.min(...values), lower, median, upper, Math.max(...values)];
      expect(ordered).toEqual([...ordered].sort((a, b) => a - b));
      expect(summarise([...values].reverse())).toEqual({ lower, median, upper, count });
    }),
    { seed: 1, numRuns: 50 },
  );
});

test('an empty sample has no quantile', () => {
  expect(() => quantile([], 0.5)).toThrow('no values');
});

test('every line of a table is equally wide', () => {
  const lines = table(
    ['op', 'ms'],
    [
      ['conv2d', '12.5'],
      ['softmax, long', '3'],
    ],
  ).split('\n');
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
});

test('three digits', () => {
  expect([0, 0.01234, 1.5, 123.4, 98765].map(digits)).toEqual(['0.00', '0.0123', '1.50', '123', '98765']);
});
