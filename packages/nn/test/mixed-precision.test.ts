import {
  cast,
  type Device,
  DTypeError,
  init,
  mean,
  mul,
  Rng,
  scope,
  square,
  sub,
  sum,
  type Tensor,
  tensor,
} from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import { compare } from '../../tensor-core/test/laws.ts';
import {
  AdamW,
  AttentionBlock,
  BatchNorm2d,
  Conv2d,
  clipGradNorm,
  Ema,
  LossScaler,
  Module,
  type Named,
  parameter,
  ResidualBlock,
  SGD,
} from '../src/index.ts';

let device: Device;
beforeAll(async () => {
  device = await init();
});

/** Where the adapter has no f16, the law is that this is said. */
function withF16(name: string, check: () => Promise<void>): void {
  test(name, async () => {
    if (device.info.features.f16) return check();
    const net = new Denoiser(1);
    expect(() => net.to('f16')).toThrow(DTypeError);
    expect(() => net.to('f16')).toThrow('has no shader-f16; use f32');
    net.dispose();
  });
}

/** The diffusion UNet's blocks in small. */
class Denoiser extends Module<[x: Tensor, time: Tensor]> {
  readonly first: Conv2d;
  readonly norm: BatchNorm2d;
  readonly residual: ResidualBlock;
  readonly attention: AttentionBlock;
  readonly last: Conv2d;

  constructor(seed: number) {
    super();
    const options = { groups: 4, eps: 1e-5, rng: new Rng(seed) };
    this.first = new Conv2d(2, 8, 3, { padding: 1, rng: options.rng });
    this.norm = new BatchNorm2d(8);
    this.residual = new ResidualBlock(8, 8, { ...options, embedding: 4 });
    this.attention = new AttentionBlock(8, 4, options);
    this.last = new Conv2d(8, 2, 3, { padding: 1, rng: options.rng });
  }

  protected forward(x: Tensor, time: Tensor): Tensor {
    const h = this.residual.call(this.norm.call(this.first.call(x)), time);
    return this.last.call(this.attention.call(h));
  }
}

/** The losses of `steps` steps towards one target. */
async function train(dtype: 'f32' | 'f16', steps: number): Promise<number[]> {
  const draw = new Rng(2);
  const [x, time, y] = [[2, 4, 4, 2] as const, [2, 4] as const, [2, 4, 4, 2] as const].map((shape) =>
    tensor(draw.normals(shape.reduce<number>((a, b) => a * b, 1)), shape),
  ) as [Tensor, Tensor, Tensor];
  const net = new Denoiser(1).to(dtype);
  const optimizer = new AdamW(net.namedParameters(), { learningRate: 0.01 });
  const scaler = new LossScaler({ growthInterval: 10 });
  const ema = new Ema(optimizer.masters, 0.9);
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    const value = scope(() => {
      const { value, grads } = scaler.valueAndGrad(net.namedParameters(), () =>
        mean(square(sub(cast(net.call(cast(x, dtype), cast(time, dtype)), 'f32'), y))),
      );
      optimizer.step(clipGradNorm(grads, 1), scaler);
      ema.update();
      return value;
    });
    losses.push(await value.item());
    value.dispose();
  }
  for (const end of [ema, optimizer, scaler, net, x, time, y]) end.dispose();
  return losses;
}

withF16('f16 weights and activations with f32 masters lose as f32 does', async () => {
  const steps = 40;
  const [half, single] = [await train('f16', steps), await train('f32', steps)];
  expect(single.at(-1)).toBeLessThan(0.5 * (single[0] as number));
  // f16 has 11 bits; forty steps of Adam make of its rounding 0.4 % of the loss.
  for (const [i, loss] of half.entries())
    expect(Math.abs(loss - (single[i] as number))).toBeLessThan(0.02 * (single[i] as number) + 1e-4);
});

withF16('to() keeps names, values and buffers; the state of the optimiser has the masters', async () => {
  const net = new Denoiser(1);
  const before = await net.stateDict();
  net.to('f16');
  const after = await net.stateDict();
  expect(Object.keys(after)).toEqual(Object.keys(before));
  expect(net.namedState()['norm.running_mean']?.dtype).toBe('f32');
  for (const [name, { dtype, shape, data }] of Object.entries(after)) {
    expect(dtype).toBe(name.includes('running') ? 'f32' : 'f16');
    expect(shape).toEqual(before[name]?.shape);
    compare(name, data, before[name]?.data ?? [], 1e-3);
  }
  const optimizer = new AdamW(net.namedParameters());
  expect(optimizer.state().tensors['first.weight.master']?.dtype).toBe('f32');
  expect(() => new Ema(net, 0.9)).toThrow('Ema: first.weight is f16; average the optimiser');
  optimizer.dispose();
  net.dispose();
});

withF16('small updates add up in the masters though f16 cannot hold them', async () => {
  const w = parameter(tensor([1], [1], 'f16'));
  const optimizer = new SGD({ w }, { learningRate: 1e-4 });
  const grad = tensor([-1], [1], 'f16');
  for (let i = 0; i < 20; i++) optimizer.step({ w: grad });
  expect(await optimizer.masters.w?.item()).toBeCloseTo(1.002, 5);
  expect(await w.item()).toBeCloseTo(1.002, 3);
  for (const end of [optimizer, w, grad]) end.dispose();
});

withF16('parameters of both dtypes are updated alike', async () => {
  const weights = {
    half: parameter(tensor([1, 2, 3], [3], 'f16')),
    single: parameter(tensor([1, 2, 3], [3])),
    other: parameter(tensor([4], [1], 'f16')),
  };
  const optimizer = new AdamW(weights, { learningRate: 0.25 });
  const grads = { half: tensor([1, -1, 0.5], [3], 'f16'), single: tensor([1, -1, 0.5], [3]), other: tensor([2], [1]) };
  for (let i = 0; i < 2; i++) optimizer.step(grads);
  const single = await weights.single.read();
  expect([...(await (optimizer.masters.half as Tensor).read())]).toEqual([...single]);
  compare('half', await weights.half.read(), single, 1e-3);
  expect(optimizer.masters.single).toBe(weights.single);
  expect((await weights.other.read())[0]).toBeCloseTo(3.48, 1);
  optimizer.dispose();
  for (const t of [weights, grads].flatMap((named) => Object.values(named))) t.dispose();
});

/** A loss whose gradient is `slope`, through a tensor of `dtype`. */
const steep = (w: Tensor, slope: Tensor): Tensor => cast(sum(mul(w, slope)), 'f32');
const numbers = async (named: Named): Promise<number[]> =>
  (await Promise.all(Object.values(named).map(async (t) => [...(await t.read())]))).flat();

test('a step that is not finite is left out, the scale halves, and Adam does not count it', async () => {
  const [w, slope] = [parameter(tensor([1, 2, 3], [3])), tensor([1, 2, 3e38], [3])];
  const scaler = new LossScaler({ scale: 1024 });
  const [optimizer, plain] = [new AdamW({ w }, { learningRate: 0.1 }), parameter(tensor([1, 2, 3], [3]))];
  const reference = new AdamW({ w: plain }, { learningRate: 0.1 });
  scope(() => optimizer.step(scaler.valueAndGrad({ w }, () => steep(w, slope)).grads, scaler));
  expect([...(await w.read())]).toEqual([1, 2, 3]);
  expect(await numbers(scaler.state().tensors)).toEqual([512, 0, 0, 1]);
  slope.assign([1, -2, 3]);
  for (let i = 0; i < 3; i++)
    scope(() => {
      const { value, grads } = scaler.valueAndGrad({ w }, () => steep(w, slope));
      expect(value.shape).toEqual([]);
      optimizer.step(grads, scaler);
      reference.step({ w: slope });
    });
  compare('weights', await w.read(), await plain.read(), 2e-5);
  expect(await numbers(scaler.state().tensors)).toEqual([512, 3, 1, 1]);
  for (const end of [scaler, optimizer, reference, w, plain, slope]) end.dispose();
});

test('the scale doubles after so many finite steps, and a saved scaler goes on where it was', async () => {
  const [w, slope] = [parameter(tensor([1], [1])), tensor([3], [1])];
  const scaler = new LossScaler({ scale: 4, growthInterval: 2 });
  const step = async (own: LossScaler): Promise<number[]> => {
    const { value, grads } = own.valueAndGrad({ w }, () => steep(w, slope));
    const seen = [await value.item(), await (grads.w as Tensor).item()];
    for (const t of [value, ...Object.values(grads)]) t.dispose();
    return seen;
  };
  for (let i = 0; i < 3; i++) expect(await step(scaler)).toEqual([3, 3]);
  expect(await numbers(scaler.state().tensors)).toEqual([8, 1, 1, 0]);
  const resumed = new LossScaler({ growthInterval: 2 });
  resumed.loadState({ tensors: { scale: [8], good: [1], verdict: [1, 0] } });
  await step(resumed);
  await step(scaler);
  expect(await numbers(resumed.state().tensors)).toEqual(await numbers(scaler.state().tensors));
  expect(() => resumed.loadState({ tensors: { scale: [8] } })).toThrow('LossScaler: the saved state lacks good');
  expect(() => new LossScaler({ scale: 0 })).toThrow('LossScaler: scale is 0');
  for (const end of [scaler, resumed, w, slope]) end.dispose();
});
