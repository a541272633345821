import { type Device, mul, Rng, sum, Tensor, tensor, valueAndGrad, withDevice } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { devices } from '../../tensor-core/test/devices.ts';
import { compare } from '../../tensor-core/test/laws.ts';
import * as nn from '../src/index.ts';
import { toStored } from '../src/layout.ts';
import { type GoldenArray, type GoldenModule, goldens, stateOf } from './goldens.ts';

type AnyModule = nn.Module<Tensor[], Tensor>;
const rng = new Rng(3);
const blocks = { groups: 4, eps: 1e-6, rng };
const timed = { ...blocks, embedding: 12 };

/** Every module by the name of its golden. The weights drawn here are replaced by PyTorch's. */
const modules: Readonly<Record<string, () => nn.Module<never, Tensor>>> = {
  ResnetBlock: () => new nn.ResnetBlock(8, 8, blocks),
  'ResnetBlock, wider': () => new nn.ResnetBlock(4, 8, blocks),
  ResidualBlock: () => new nn.ResidualBlock(8, 8, timed),
  'ResidualBlock, wider': () => new nn.ResidualBlock(8, 12, timed),
  AttentionBlock: () => new nn.AttentionBlock(8, 4, blocks),
  SpatialAttention: () => new nn.SpatialAttention(8, blocks),
  DownsampleAsymmetric: () => new nn.DownsampleAsymmetric(4, rng),
  Downsample: () => new nn.Downsample(4, rng),
  UpsampleConv: () => new nn.UpsampleConv(4, rng),
  doubleConv: () => nn.doubleConv(3, 8, rng),
  Linear: () => new nn.Linear(5, 3),
  'Linear, no bias': () => new nn.Linear(4, 8, { bias: false }),
  Conv2d: () => new nn.Conv2d(3, 4, 3, { padding: 1 }),
  'Conv2d, strided, grouped, no bias': () => new nn.Conv2d(4, 6, 3, { stride: 2, groups: 2, bias: false }),
  'Conv2d, dilated': () => new nn.Conv2d(2, 3, 3, { padding: 2, dilation: 2 }),
  ConvTranspose2d: () => new nn.ConvTranspose2d(3, 4, 4, { stride: 2, padding: 1 }),
  GroupNorm: () => new nn.GroupNorm(2, 8),
  'GroupNorm, silu': () => new nn.Sequential(new nn.GroupNorm(4, 8, { eps: 1e-3, activation: 'silu' })),
  LayerNorm: () => new nn.LayerNorm(6),
  BatchNorm2d: () => new nn.BatchNorm2d(4),
  'BatchNorm2d, eval': () => new nn.BatchNorm2d(4, { eps: 1e-3 }).eval(),
  MaxPool2d: () => new nn.MaxPool2d(3, { stride: 2, padding: 1 }),
  Upsample: () => new nn.Upsample(3),
  'Upsample, bilinear': () => new nn.Upsample(2, 'bilinear'),
  Pointwise: () => new nn.Pointwise(5, 4),
  'Pointwise, tokens': () => new nn.Pointwise(4, 8, { axes: 1 }),
  Embedding: () => new nn.Embedding(7, 5),
  Attention: () => new nn.Attention(8, { heads: 2 }),
  'Attention, context': () => new nn.Attention(8, { heads: 2, contextChannels: 6 }),
  SiLU: nn.SiLU,
  ReLU: nn.ReLU,
  LeakyReLU: () => nn.LeakyReLU(0.2),
  GELU: nn.GELU,
  Sigmoid: nn.Sigmoid,
  Tanh: nn.Tanh,
};

/** Float32 against float64, relative to the largest number: dozens of products a sum, a few layers deep. */
const TOLERANCE = 2e-5;

test('every golden has a module and every module a golden', () => {
  expect(Object.keys(modules).toSorted()).toEqual(goldens.blocks.map(({ name }) => name).toSorted());
});

for (const golden of goldens.blocks)
  test(`${golden.name} answers as PyTorch does, with every gradient`, async () => {
    for (const device of Object.values(await devices())) await withPyTorchsWeights(golden, device);
  });

async function withPyTorchsWeights(golden: GoldenModule, device: Device): Promise<void> {
  const { variant } = device.info;
  const run = withDevice(device, () => answer(golden));
  using module = run.module;
  const named = module.namedParameters();
  expect(Object.keys(named).toSorted()).toEqual(Object.keys(golden.gradients).toSorted());
  const check = async (what: string, actual: Tensor, expected: GoldenArray): Promise<void> =>
    compare(`${variant} ${what}`, await actual.read(), expected.data, TOLERANCE);
  await check('output', run.output, golden.output);
  for (const [i, grad] of run.inputGrads.entries())
    await check(`gradient of input ${i}`, grad, golden.inputGradients[i] as GoldenArray);
  for (const [name, grad] of Object.entries(run.grads)) {
    const stored = toStored(await grad.read(), grad.shape, nn.layoutOf(named[name] as Tensor));
    compare(`${variant} gradient of ${name}`, stored, (golden.gradients[name] as GoldenArray).data, TOLERANCE);
  }
  for (const [name, array] of Object.entries(golden.buffers))
    await check(name, module.namedState()[name] as Tensor, array);
  for (const t of [run.output, ...run.inputGrads, ...Object.values(run.grads)]) t.dispose();
}

function answer(golden: GoldenModule) {
  const module = modules[golden.name]?.() as AnyModule;
  module.loadStateDict(stateOf(golden.state));
  const inputs = golden.inputs.map(({ shape, data }, i) =>
    tensor(data, shape, golden.inputGradients[i] ? 'f32' : 'i32'),
  );
  using upstream = tensor(golden.upstream.data, golden.upstream.shape);
  const leaves = Object.fromEntries(
    inputs.filter(({ dtype }) => dtype === 'f32').map((input, i): [string, Tensor] => [`input ${i}`, input]),
  );
  let output: Tensor | undefined;
  const { value, grads } = valueAndGrad({ ...module.namedParameters(), ...leaves }, () => {
    const y = module.call(...inputs);
    output = Tensor.alias(y);
    return sum(mul(y, upstream));
  });
  for (const t of [value, ...inputs]) t.dispose();
  const isInput = ([name]: [string, Tensor]): boolean => name in leaves;
  const entries = Object.entries(grads);
  return {
    module,
    output: output as Tensor,
    inputGrads: entries.filter(isInput).map(([, grad]) => grad),
    grads: Object.fromEntries(entries.filter((entry) => !isInput(entry))),
  };
}
