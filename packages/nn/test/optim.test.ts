import {
  add,
  type Device,
  init,
  mul,
  scope,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
} from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { devices } from '../../tensor-core/test/devices.ts';
import { compare } from '../../tensor-core/test/laws.ts';
import { Adam, AdamW, clipGradNorm, type Named, type Optimizer, parameter, SGD } from '../src/index.ts';
import { type GoldenOptimizer, goldens } from './goldens.ts';

const optimizers: Readonly<Record<string, (weights: Named) => Optimizer>> = {
  sgd: (weights) => new SGD(weights, { learningRate: 0.01 }),
  'sgd, momentum': (weights) => new SGD(weights, { learningRate: 0.01, momentum: 0.9, weightDecay: 0.1 }),
  'sgd, nesterov': (weights) => new SGD(weights, { learningRate: 0.01, momentum: 0.9, nesterov: true }),
  adam: (weights) => new Adam(weights, { learningRate: 0.05 }),
  'adam, decay': (weights) => new Adam(weights, { learningRate: 0.05, betas: [0.5, 0.9], weightDecay: 0.1 }),
  adamW: (weights) => new AdamW(weights, { learningRate: 0.05, weightDecay: 0.1 }),
  'sgd, clipped': (weights) => new SGD(weights, { learningRate: 0.1 }),
};

/** Ten steps of float32 against float64; Adam divides by roots of small squares. */
const TOLERANCE = 5e-6;

/** Σ (w − t)² (1 + w²): the bent bowl of the goldens. */
const bowl = (weights: Named, targets: readonly Tensor[]): Tensor =>
  Object.values(weights)
    .map((w, i) => sum(mul(square(sub(w, targets[i] as Tensor)), add(square(w), 1))))
    .reduce((a, b) => add(a, b));

function descend(weights: Named, targets: readonly Tensor[], optimizer: Optimizer, steps: number, clip?: number): void {
  for (let step = 0; step < steps; step++)
    scope(() => {
      const { grads } = valueAndGrad(weights, () => bowl(weights, targets));
      optimizer.step(clip === undefined ? grads : clipGradNorm(grads, clip));
    });
}

for (const golden of goldens.optimizers)
  test(`ten steps of ${golden.name} end where PyTorch's do`, async () => {
    for (const device of Object.values(await devices())) await tenSteps(golden, device);
  });

async function tenSteps(golden: GoldenOptimizer, device: Device): Promise<void> {
  const { weights, targets, optimizer } = withDevice(device, () => {
    const weights = Object.fromEntries(
      golden.start.map(({ data, shape }, i) => [`w${i}`, parameter(tensor(data, shape))]),
    );
    const targets = golden.target.map(({ data, shape }) => tensor(data, shape));
    const optimizer = optimizers[golden.name]?.(weights) as Optimizer;
    descend(weights, targets, optimizer, 10, golden.name.includes('clipped') ? 0.5 : undefined);
    return { weights, targets, optimizer };
  });
  for (const [i, weight] of Object.values(weights).entries())
    compare(`${device.info.variant} weight ${i}`, await weight.read(), golden.end[i]?.data ?? [], TOLERANCE);
  optimizer.dispose();
  for (const t of [...Object.values(weights), ...targets]) t.dispose();
}

test('gradients that are missing are named together, and nothing is updated', async () => {
  await init();
  const weights = { w: tensor([1], [1]), v: tensor([1], [1]), u: tensor([1], [1]) };
  const grads = { w: tensor([1], [1]) };
  using optimizer = new SGD(weights);
  expect(() => optimizer.step(grads)).toThrow('SGD: no gradient for v, u; pass');
  expect(await weights.w.item()).toBe(1);
  for (const t of [...Object.values(weights), grads.w]) t.dispose();
});
