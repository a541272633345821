import { expect, test } from 'vitest';
import { constant, cosine, linearWarmUp, stepwise } from '../src/index.ts';

test('constant stays', () => {
  expect([0, 10, 1e6].map(constant(0.1))).toEqual([0.1, 0.1, 0.1]);
});

test('cosine falls from the rate to the floor and stays there', () => {
  const rate = cosine(1, 100, 0.2);
  expect(rate(0)).toBe(1);
  expect(rate(50)).toBeCloseTo(0.6, 12);
  expect(rate(25)).toBeCloseTo(0.2 + (0.8 * (1 + Math.SQRT1_2)) / 2, 12);
  expect(rate(100)).toBeCloseTo(0.2, 12);
  expect(rate(500)).toBeCloseTo(0.2, 12);
});

test('linear warm-up rises to the schedule after it', () => {
  const rate = linearWarmUp(4, constant(2));
  expect([0, 1, 2, 3, 4, 9].map(rate)).toEqual([0.5, 1, 1.5, 2, 2, 2]);
});

test('stepwise multiplies at each milestone', () => {
  const rate = stepwise(1, [3, 5], 0.5);
  expect([0, 2, 3, 4, 5, 100].map(rate)).toEqual([1, 1, 0.5, 0.5, 0.25, 0.25]);
});
