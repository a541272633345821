import { init, tensor } from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import { Ema, Linear, parameter } from '../src/index.ts';

beforeAll(async () => void (await init()));

test('the decay warms up as (1 + n) / (10 + n), then stays', () => {
  const w = parameter(tensor([0], [1]));
  using ema = new Ema({ w }, 0.9);
  expect([1, 2, 10, 79, 80, 81, 1000].map((n) => ema.decayAt(n))).toEqual([
    2 / 11,
    3 / 12,
    11 / 20,
    80 / 89,
    0.9,
    0.9,
    0.9,
  ]);
  w.dispose();
});

test('the average is what the recurrence says, starting at the weights', async () => {
  const w = parameter(tensor([1, -2], [2]));
  using ema = new Ema({ w }, 0.5);
  let expected = [1, -2];
  for (let n = 1; n <= 12; n++) {
    const weights = [n * n, 1 / n];
    w.assign(weights);
    ema.update();
    const d = Math.min(0.5, (1 + n) / (10 + n));
    expected = expected.map((s, i) => d * s + (1 - d) * (weights[i] as number));
  }
  const shadow = await ema.state().tensors.w?.read();
  expect(shadow?.[0]).toBeCloseTo(expected[0] as number, 4);
  expect(shadow?.[1]).toBeCloseTo(expected[1] as number, 6);
  expect(ema.state().updates).toBe(12);
  w.dispose();
});

test('swap puts the averages in, and the weights back', async () => {
  using layer = new Linear(3, 2);
  using ema = new Ema(layer, 0.9);
  const weights = await layer.stateDict();
  layer.weight.assign(new Float32Array(6).fill(5));
  ema.swap();
  expect(await layer.stateDict()).toEqual(weights);
  ema.swap();
  expect([...(await layer.weight.read())]).toEqual(new Array(6).fill(5));
});
