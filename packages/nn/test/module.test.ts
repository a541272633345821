import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DTypeError,
  init,
  log,
  mean,
  memory,
  mul,
  Rng,
  ShapeError,
  scope,
  square,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withNaNGuard,
} from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../tensor-core/test/laws.ts';
import {
  AttentionBlock,
  BatchNorm2d,
  buffer,
  Conv2d,
  Dropout,
  doubleConv,
  GroupNorm,
  Identity,
  Lambda,
  Linear,
  loadModule,
  loadModuleFrom,
  loadSafetensors,
  Module,
  Pointwise,
  parameter,
  ResidualBlock,
  Sequential,
  SGD,
  savable,
  saveSafetensors,
  saveShards,
} from '../src/index.ts';

beforeAll(async () => void (await init()));
const rng = new Rng(1);
const fixture = (name: string): string => fileURLToPath(new URL(`../../../fixtures/data/${name}`, import.meta.url));

class Net extends Module {
  readonly inputBlocks: readonly (readonly Module[])[];
  readonly head: { readonly norm: BatchNorm2d; readonly 2: Linear };
  readonly note = 'not a tensor';

  constructor() {
    super();
    this.inputBlocks = [[new Conv2d(3, 4, 3, { padding: 1, rng })], [new Conv2d(4, 4, 1, { bias: false, rng })]];
    this.head = { norm: new BatchNorm2d(4), 2: new Linear(4, 2, { rng }) };
  }

  protected forward(x: Tensor): Tensor {
    const h = this.inputBlocks.flat().reduce((y, layer) => layer.call(y), x);
    return this.head[2].call(this.head.norm.call(h));
  }
}

test('names and stored shapes are PyTorch’s', async () => {
  using net = new Net();
  const shapes = Object.entries(await net.stateDict()).map(([name, { shape }]) => [name, shape]);
  expect(Object.fromEntries(shapes)).toEqual({
    'input_blocks.0.0.weight': [4, 3, 3, 3],
    'input_blocks.0.0.bias': [4],
    'input_blocks.1.0.weight': [4, 4, 1, 1],
    'head.norm.weight': [4],
    'head.norm.bias': [4],
    'head.norm.running_mean': [4],
    'head.norm.running_var': [4],
    'head.2.weight': [2, 4],
    'head.2.bias': [2],
  });
  expect(Object.keys(net.namedParameters())).not.toContain('head.norm.running_mean');
  expect(net.parameters()).toHaveLength(7);
});

test('the blocks of the method bear the names of their checkpoints', () => {
  using block = new ResidualBlock(4, 8, { embedding: 6, groups: 2, eps: 1e-5, rng });
  expect(Object.keys(block.namedState())).toEqual([
    'in_layers.0.weight',
    'in_layers.0.bias',
    'in_layers.2.weight',
    'in_layers.2.bias',
    'emb_layers.1.weight',
    'emb_layers.1.bias',
    'out_layers.0.weight',
    'out_layers.0.bias',
    'out_layers.3.weight',
    'out_layers.3.bias',
    'skip_connection.weight',
    'skip_connection.bias',
  ]);
  using attention = new AttentionBlock(8, 4, { groups: 2, eps: 1e-5, rng });
  expect(Object.keys(attention.namedState())).toEqual([
    'norm.weight',
    'norm.bias',
    'qkv.weight',
    'qkv.bias',
    'proj_out.weight',
    'proj_out.bias',
  ]);
});

test('residual branches of the diffusion blocks begin as the identity', async () => {
  using block = new ResidualBlock(4, 4, { embedding: 6, groups: 2, eps: 1e-5, rng });
  using attention = new AttentionBlock(4, 2, { groups: 2, eps: 1e-5, rng });
  const x = tensor(rng.normals(32), [1, 2, 4, 4]);
  const time = tensor(rng.normals(6), [1, 6]);
  using y = scope(() => attention.call(block.call(x, time)));
  expect([...(await y.read())]).toEqual([...(await x.read())]);
  x.dispose();
  time.dispose();
});

test('default weights have PyTorch’s distribution', async () => {
  using conv = new Conv2d(8, 16, 3, { groups: 2, rng: new Rng(5) });
  const bound = 1 / Math.sqrt(4 * 9);
  const weights = [...(await conv.weight.read())];
  expect(Math.max(...weights.map(Math.abs))).toBeLessThanOrEqual(bound);
  const mean = weights.reduce((a, b) => a + b, 0) / weights.length;
  const variance = weights.reduce((a, b) => a + b * b, 0) / weights.length;
  expect(Math.abs(mean)).toBeLessThan((4 * bound) / Math.sqrt(3 * weights.length));
  expect(variance / (bound ** 2 / 3)).toBeCloseTo(1, 0);
});

test('missing, unexpected, mis-shaped and torn tensors are listed together, and nothing is loaded', async () => {
  using net = new Net();
  const before = await net.stateDict();
  const { 'head.2.bias': bias, 'head.2.weight': weight, 'head.norm.bias': torn, ...rest } = before;
  const state = {
    ...rest,
    'head.2.weight': { ...(weight as (typeof before)[string]), shape: [4, 2] },
    'head.norm.bias': { ...(torn as (typeof before)[string]), data: [1, 2, 3] },
    'head.3.bias': bias as (typeof before)[string],
    'input_blocks.0.0.bias': { shape: [4], dtype: 'f32' as const, data: [9, 9, 9, 9] },
  };
  expect(() => net.loadStateDict(state)).toThrow(
    new ShapeError(`Net: the state does not fit:
  missing head.2.bias [2]
  unexpected head.3.bias [2]
  head.2.weight is [4, 2], expected [2, 4]
  head.norm.bias [4] comes with 3 numbers`),
  );
  expect(await net.stateDict()).toEqual(before);
});

test('a state that was read and loaded again is the same', async () => {
  using first = new Net();
  using second = new Net();
  second.loadStateDict(await first.stateDict());
  expect(await second.stateDict()).toEqual(await first.stateDict());
});

test('a dropout of no probability is refused when it is made', () => {
  for (const p of [-0.1, 1, Number.NaN])
    expect(() => new Dropout(p, rng)).toThrow(`Dropout: p is ${p}, expected a number in [0, 1)`);
});

test('groups that do not divide the channels are refused when the layer is made', () => {
  const conv = (from: number, to: number, groups: number) => new Conv2d(from, to, 3, { groups, rng });
  const before = memory().liveBytes;
  expect(() => conv(4, 7, 2)).toThrow(new ShapeError('Conv2d: 7 output channels do not divide into 2 groups'));
  expect(() => conv(5, 4, 2)).toThrow(new ShapeError('Conv2d: 5 input channels do not divide into 2 groups'));
  for (const groups of [0, -1, 0.5, Number.NaN]) {
    expect(() => conv(4, 4, groups), `${groups}`).toThrow(
      `Conv2d: 4 input channels do not divide into ${groups} groups`,
    );
    expect(() => new GroupNorm(groups, 4), `${groups}`).toThrow(`GroupNorm: 4 channels do not divide into ${groups}`);
  }
  expect(() => new GroupNorm(4, 6)).toThrow(new ShapeError('GroupNorm: 6 channels do not divide into 4 groups'));
  expect(memory().liveBytes).toBe(before);
});

test('errors name the layer they come from', async () => {
  using net = new Net();
  const x = tensor(new Float32Array(8), [1, 2, 2, 2]);
  expect(() => net.call(x)).toThrow('Net.inputBlocks.0.0: conv2d: input has 2 channels, weight expects 3');
  const whole = tensor([1, 2, 3], [1, 1, 1, 3], 'i32');
  expect(() => net.call(whole)).toThrow(DTypeError);
  expect(() => net.call(whole)).toThrow('Net.inputBlocks.0.0: conv2d');
  using faulty = new Sequential(new Lambda((y) => mul(y, -1)), new Sequential(new Lambda(log)));
  const ones = tensor([1, 1], [2]);
  await expect(withNaNGuard(() => scope(() => void faulty.call(ones)))).rejects.toThrow('Sequential.1.0: log');
  for (const t of [x, whole, ones]) t.dispose();
});

test('call frees what forward makes; a training step leaves nothing behind', () => {
  using net = new Net();
  const x = tensor(rng.normals(12), [1, 2, 2, 3]);
  const before = memory().liveBytes;
  net.call(x).dispose();
  expect(memory().liveBytes).toBe(before);
  scope(() => void valueAndGrad(net.namedParameters(), () => mean(square(net.call(x)))));
  expect(memory().liveBytes).toBe(before);
  x.dispose();
});

test('what call returns may be disposed without its argument, also where forward returns that', async () => {
  const idle = [Identity(), new Sequential(), new Dropout(0.5, rng).eval(), new Lambda((y) => y)];
  const x = tensor([1, 2], [2]);
  for (const module of idle) {
    module.call(x).dispose();
    const { value, grads } = valueAndGrad({ x }, () => sum(mul(module.call(x), 3)));
    expect([...(await grads.x.read())]).toEqual([3, 3]);
    value.dispose();
    grads.x.dispose();
  }
  expect([...(await x.read())]).toEqual([1, 2]);
  x.dispose();
});

test('a layer put into a sequence later is the one that is run', async () => {
  using net = new Sequential(new Lambda((y) => mul(y, 2)), new Linear(2, 2, { rng }));
  net[1]?.dispose();
  Object.assign(net, [net[0], new Linear(2, 3, { rng })]);
  const x = tensor([1, 2], [1, 2]);
  using y = net.call(x);
  expect(y.shape).toEqual([1, 3]);
  x.dispose();
});

test('train and eval reach every module; dropout and batch norm follow', async () => {
  using net = new Sequential(doubleConv(2, 4, rng), new Dropout(0.5, rng));
  expect([...net.eval().modules()].every(({ training }) => !training)).toBe(true);
  const x = tensor(rng.normals(16), [1, 2, 4, 2]);
  const state = await net.stateDict();
  using once = net.call(x);
  using twice = net.call(x);
  expect(await once.read()).toEqual(await twice.read());
  expect(await net.stateDict()).toEqual(state);
  net.train().call(x).dispose();
  expect([...net.modules()].every(({ training }) => training)).toBe(true);
  expect((await net.stateDict())['0.1.running_mean']).not.toEqual(state['0.1.running_mean']);
  x.dispose();
});

/** Its last layer multiplies by the weight of its first, and one of the layers stands in two places. */
class Tied extends Module {
  readonly first = new Linear(3, 3, { rng, bias: false });
  readonly last: Linear;
  readonly again = [this.first];

  constructor() {
    super();
    this.last = new Linear(3, 3, { rng });
    this.last.weight.dispose();
    Object.assign(this.last, { weight: this.first.weight });
  }

  protected forward(x: Tensor): Tensor {
    return this.last.call(this.first.call(x));
  }
}

test('a tensor that layers share is trained once, saved under each name, loaded under any, and shared in f16 too', async () => {
  using net = new Tied();
  const names = ['first.weight', 'last.weight', 'last.bias', 'again.0.weight'];
  expect(Object.keys(net.namedParameters())).toEqual(['first.weight', 'last.bias']);
  expect(Object.keys(await net.stateDict())).toEqual(names);
  const weight = { shape: [3, 3], dtype: 'f32' as const, data: [2, 0, 0, 0, 2, 0, 0, 0, 2] };
  const bias = { shape: [3], dtype: 'f32' as const, data: [0, 0, 0] };
  net.loadStateDict({ 'again.0.weight': weight, 'last.bias': bias });
  using optimizer = new SGD(net.namedParameters(), { learningRate: 1 });
  scope(() =>
    optimizer.step(valueAndGrad(net.namedParameters(), () => sum(net.call(tensor([1, 0, 0], [1, 3])))).grads),
  );
  // Each use of w gives a gradient of 2 to its first row, on disk its first column.
  const after = [-2, 0, 0, -4, 2, 0, -4, 0, 2];
  const state = await net.stateDict();
  for (const name of names.filter((name) => name !== 'last.bias'))
    expect(Array.from(state[name]?.data ?? [])).toEqual(after);
  expect(() => net.loadStateDict({ 'last.bias': bias })).toThrow(/missing first.weight .*\n.*missing last.weight/);
  if (!net.first.weight.device.info.features.f16) return;
  net.to('f16');
  expect(net.last.weight).toBe(net.first.weight);
  expect(net.first.weight.dtype).toBe('f16');
});

const pyTorchNet = (): Sequential =>
  new Sequential(
    new Conv2d(2, 3, 3, { rng }),
    new BatchNorm2d(3),
    new Pointwise(3, 4, { rng }),
    new Linear(4, 5, { rng }),
  ).eval();

test('a network saved by PyTorch answers the same here, loaded whole or tensor by tensor', async () => {
  const answers = JSON.parse(await readFile(fixture('safetensors.json'), 'utf8')) as Record<
    'input' | 'output',
    { shape: number[]; data: string[] }
  >;
  const x = tensor(answers.input.data.map(Number), answers.input.shape);
  using whole = pyTorchNet();
  loadModule(whole, await loadSafetensors(fixture('network.safetensors')), 'net.');
  using streamed = pyTorchNet();
  await loadModuleFrom(streamed, fixture('network.safetensors'), 'net.');
  for (const net of [whole, streamed]) {
    using y = net.call(x);
    expect(y.shape).toEqual(answers.output.shape);
    compare('output', await y.read(), answers.output.data.map(Number), 1e-5);
  }
  x.dispose();
});

test('a module is saved in shards and loaded through their index', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shards-'));
  using first = pyTorchNet();
  using second = pyTorchNet();
  const index = await saveShards(join(folder, 'net.safetensors'), savable(first), { maxBytes: 100 });
  await loadModuleFrom(second, index);
  expect(await second.stateDict()).toEqual(await first.stateDict());
  await rm(folder, { recursive: true });
});

test('the counters of PyTorch’s batch norms are skipped', async () => {
  using net = pyTorchNet();
  const state = await net.stateDict();
  const counter = { shape: [], dtype: 'i32' as const, data: [7] };
  net.loadStateDict({ ...state, '1.num_batches_tracked': counter });
  expect(await net.stateDict()).toEqual(state);
});

test('what does not fit is refused before a tensor is overwritten', async () => {
  using net = pyTorchNet();
  const before = await net.stateDict();
  await expect(loadModuleFrom(net, fixture('network.safetensors'))).rejects.toThrow('missing 0.weight [3, 2, 3, 3]');
  const longs = Object.fromEntries(
    Object.entries(before).map(([name, host]) => [
      name,
      name === '3.bias' ? { ...host, dtype: 'i32' as const, data: [1, 2, 3, 4, 5] } : host,
    ]),
  );
  const parts: Uint8Array[] = [];
  await saveSafetensors({ write: async (bytes) => void parts.push(bytes.slice()) }, longs);
  const bytes = new Uint8Array(Buffer.concat(parts));
  const refusal = new ShapeError('Sequential: the state does not fit:\n  3.bias is i32, expected floats');
  await expect(loadModuleFrom(net, bytes)).rejects.toThrow(refusal);
  expect(() => net.loadStateDict(longs)).toThrow(refusal);
  expect(await net.stateDict()).toEqual(before);
});

class Counting extends Module {
  readonly weight = parameter(tensor([0.5, 2], [2]));
  readonly seen = buffer(tensor([2 ** 24 + 1, -7], [2], 'i32'));
  readonly index = buffer(tensor([2 ** 31 + 1], [1], 'u32'));

  protected forward(x: Tensor): Tensor {
    return mul(x, this.weight);
  }
}

test('integer buffers come back whichever way they are loaded, and floats are refused for them', async () => {
  using first = new Counting();
  const saved = await first.stateDict();
  const parts: Uint8Array[] = [];
  await saveSafetensors({ write: async (bytes) => void parts.push(bytes.slice()) }, savable(first));
  const bytes = new Uint8Array(Buffer.concat(parts));
  const ways = [
    (net: Counting) => loadModuleFrom(net, bytes),
    async (net: Counting) => loadModule(net, await loadSafetensors(bytes)),
    (net: Counting) => net.loadStateDict(saved),
  ];
  for (const load of ways) {
    using second = new Counting();
    for (const t of Object.values(second.namedState())) t.assign(new Float32Array(t.size));
    await load(second);
    expect(await second.stateDict()).toEqual(saved);
  }
  expect(() => first.loadStateDict({ ...saved, seen: { shape: [2], dtype: 'f32', data: [1.5, 2] } })).toThrow(
    'seen is f32, expected integers',
  );
});

test('a module is saved from the GPU tensor by tensor and comes back', async () => {
  using first = pyTorchNet();
  using second = pyTorchNet();
  const parts: Uint8Array[] = [];
  await saveSafetensors({ write: async (bytes) => void parts.push(bytes.slice()) }, savable(first, 'net.'));
  await loadModuleFrom(second, new Uint8Array(Buffer.concat(parts)), 'net.');
  expect(await second.stateDict()).toEqual(await first.stateDict());
});
