import { add, init, mul, Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import { BatchNorm2d, Conv2d, Sequential, updateBatchNorm } from '../src/index.ts';

beforeAll(async () => void (await init()));

const BATCHES = 5;

/** Batch `i` has its own mean and deviation. */
const drawn = (batch: number): Tensor =>
  scope(() => add(mul(randn([4, 6, 6, 3], new Rng(1).fork(batch)), batch + 1), batch - 2));

const values = async (tensor: Tensor): Promise<number[]> => [...(await tensor.read())];

test('the running moments become the means over the batches, whatever they were', async () => {
  using norm = new BatchNorm2d(3, { momentum: 0.3 });
  norm.runningMean.assign([9, -9, 9]);
  norm.runningVar.assign([100, 0.01, 100]);
  await updateBatchNorm(norm, BATCHES, (batch) => scope(() => norm.call(drawn(batch)).dispose()));
  const expected = { mean: [0, 0, 0], variance: [0, 0, 0] };
  for (let batch = 0; batch < BATCHES; batch++) {
    using x = drawn(batch);
    const data = await values(x);
    for (let c = 0; c < 3; c++) {
      const channel = data.filter((_, i) => i % 3 === c);
      const mean = channel.reduce((a, b) => a + b, 0) / channel.length;
      const squares = channel.reduce((sum, v) => sum + (v - mean) ** 2, 0);
      (expected.mean[c] as number) += mean / BATCHES;
      (expected.variance[c] as number) += squares / (channel.length - 1) / BATCHES;
    }
  }
  for (const [i, mean] of (await values(norm.runningMean)).entries())
    expect(mean).toBeCloseTo(expected.mean[i] as number, 4);
  for (const [i, variance] of (await values(norm.runningVar)).entries())
    expect(variance).toBeCloseTo(expected.variance[i] as number, 3);
  expect(norm.momentum).toBe(0.3);
});

test('every module keeps its mode and momentum, also where forward throws', async () => {
  using network = new Sequential(
    new Conv2d(3, 4, 1),
    new BatchNorm2d(4),
    new Conv2d(4, 3, 1),
    new BatchNorm2d(3),
  ).eval();
  const [, first, , last] = [...network.children()].map(([, child]) => child) as unknown as BatchNorm2d[];
  (last as BatchNorm2d).train();
  const failing = updateBatchNorm(network, 3, (batch) => {
    scope(() => network.call(drawn(batch)).dispose());
    if (batch === 1) throw new Error('no more pictures');
  });
  await expect(failing).rejects.toThrow('no more pictures');
  expect([first?.training, last?.training, first?.momentum, last?.momentum]).toEqual([false, true, 0.1, 0.1]);
});
