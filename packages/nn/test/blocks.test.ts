import { init, mean, mul, ones, Rng, ShapeError, scope, valueAndGrad } from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import { AttentionBlock, Dropout, timestepEmbedding } from '../src/index.ts';

beforeAll(async () => void (await init()));

test('the embedding of time 10 in 8 channels is that of the specification, cosines first', async () => {
  using embedding = timestepEmbedding([0, 10], 8);
  const [zero, ten] = [(await embedding.read()).slice(0, 4), (await embedding.read()).slice(8)];
  expect([...zero]).toEqual([1, 1, 1, 1]);
  const expected = [-0.839072, 0.540302, 0.995004, 0.99995, -0.544021, 0.841471, 0.099833, 0.01];
  for (const [i, value] of expected.entries()) expect(ten[i]).toBeCloseTo(value, 5);
  expect(() => timestepEmbedding([0], 7)).toThrow(
    new ShapeError('timestepEmbedding: width is 7, expected an even number'),
  );
});

test('channels that do not divide into heads are refused', () => {
  expect(() => new AttentionBlock(8, 3, { groups: 2, eps: 1e-5, rng: new Rng(1) })).toThrow(
    'AttentionBlock: 8 channels do not divide into heads of 3',
  );
});

test('dropout scales what it keeps, its gradient passes there only, and it draws anew every time', async () => {
  using dropout = new Dropout(0.25, new Rng(3));
  const x = ones([4096]);
  const { value, grads } = valueAndGrad([x], () => scope(() => mul(mean(dropout.call(x)), 4096)));
  using again = dropout.call(x);
  const [first, second] = [[...(await grads[0].read())], [...(await again.read())]];
  for (const values of [first, second]) {
    const kept = values.filter((value) => value !== 0);
    for (const value of kept) expect(value).toBeCloseTo(4 / 3, 5);
    expect(kept.length / 4096).toBeGreaterThan(0.72);
    expect(kept.length / 4096).toBeLessThan(0.78);
  }
  expect(first).not.toEqual(second);
  for (const t of [x, value, grads[0]]) t.dispose();
});
