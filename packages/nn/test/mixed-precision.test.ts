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
  Adam,
  AdamW,
  AttentionBlock,
  BatchNorm2d,
  Conv2d,
  clipGradNorm,
  Ema,
  GradientAccumulator,
  Linear,
  LossScaler,
  Module,
  type Named,
  type Optimizer,
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

withF16('weights loaded after an optimiser was made train as those loaded before', async () => {
  const given = new Linear(5, 3, { rng: new Rng(3) }).to('f16');
  const state = await given.stateDict();
  const run = async (loadAt: 'before' | 'after' | 'late'): Promise<number[]> => {
    const net = new Linear(5, 3, { rng: new Rng(4) }).to('f16');
    const grads = Object.fromEntries(
      Object.entries(net.namedParameters()).map(([name, { shape, size }]) => [
        name,
        tensor(new Rng(5).normals(size), shape),
      ]),
    );
    if (loadAt === 'before') net.loadStateDict(state);
    const gone = new SGD(net.namedParameters());
    using optimizer = new SGD(net.namedParameters(), { learningRate: 1e-4 });
    gone.dispose();
    if (loadAt === 'late') optimizer.step(grads);
    if (loadAt !== 'before') net.loadStateDict(state);
    for (let i = 0; i < 3; i++) optimizer.step(grads);
    const weights = await numbers(optimizer.masters);
    for (const end of [net, ...Object.values(grads)]) end.dispose();
    return weights;
  };
  const before = await run('before');
  expect(await run('after')).toEqual(before);
  expect(await run('late')).toEqual(before);
  given.dispose();
});

withF16('a run is resumed to the bit whether the network or the optimiser is loaded first', async () => {
  const make = (): { net: Linear; optimizer: AdamW; grads: Named } => {
    const net = new Linear(5, 3, { rng: new Rng(4) }).to('f16');
    const grads = Object.entries(net.namedParameters()).map(
      ([name, { shape, size }]) => [name, tensor(new Rng(5).normals(size), shape)] as const,
    );
    return { net, optimizer: new AdamW(net.namedParameters()), grads: Object.fromEntries(grads) };
  };
  const end = ({ net, optimizer, grads }: ReturnType<typeof make>): void => {
    for (const part of [net, optimizer, ...Object.values(grads)]) part.dispose();
  };
  const whole = make();
  for (let i = 0; i < 3; i++) whole.optimizer.step(whole.grads);
  const weights = await whole.net.stateDict();
  const { steps, tensors } = whole.optimizer.state();
  const saved = await Promise.all(Object.entries(tensors).map(async ([name, t]) => [name, await t.read()] as const));
  whole.optimizer.step(whole.grads);
  for (const first of ['network', 'optimiser']) {
    const resumed = make();
    if (first === 'network') resumed.net.loadStateDict(weights);
    resumed.optimizer.loadState({ steps, tensors: Object.fromEntries(saved) });
    if (first === 'optimiser') resumed.net.loadStateDict(weights);
    resumed.optimizer.step(resumed.grads);
    expect(await numbers(resumed.optimizer.masters)).toEqual(await numbers(whole.optimizer.masters));
    expect(await numbers(resumed.net.namedParameters())).toEqual(await numbers(whole.net.namedParameters()));
    end(resumed);
  }
  end(whole);
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

withF16('the norm of f16 gradients is theirs alone, whatever the buffers that hold them held before', async () => {
  for (const size of [1, 2, 3, 5, 6, 7]) {
    for (const junk of Array.from({ length: 4 }, () => tensor(new Float32Array(128).fill(1e4), [128], 'f16')))
      junk.dispose();
    const grads = { a: tensor(new Float32Array(size).fill(2), [size], 'f16'), b: tensor([-1], [1], 'f16') };
    const clipped = clipGradNorm(grads, 1);
    const norm = Math.sqrt(4 * size + 1);
    compare(`${size} a`, await clipped.a.read(), new Array<number>(size).fill(2 / norm), 1e-5);
    compare(`${size} b`, await clipped.b.read(), [-1 / norm], 1e-5);
    for (const t of [...Object.values(grads), ...Object.values(clipped)]) t.dispose();
  }
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
  expect(await numbers(scaler.state().tensors)).toEqual([512, 0]);
  slope.assign([1, -2, 3]);
  for (let i = 0; i < 3; i++)
    scope(() => {
      const { value, grads } = scaler.valueAndGrad({ w }, () => steep(w, slope));
      expect(value.shape).toEqual([]);
      optimizer.step(grads, scaler);
      reference.step({ w: slope });
    });
  compare('weights', await w.read(), await plain.read(), 2e-5);
  expect(await numbers(scaler.state().tensors)).toEqual([512, 3]);
  expect(await optimizer.state().tensors.skipped?.item()).toBe(1);
  for (const end of [scaler, optimizer, reference, w, plain, slope]) end.dispose();
});

test('the scale doubles after so many finite steps, and a saved scaler goes on where it was', async () => {
  const [w, slope] = [parameter(tensor([1], [1])), tensor([3], [1])];
  const scaler = new LossScaler({ scale: 4, growthInterval: 2 });
  const step = async (own: LossScaler): Promise<number[]> => {
    const { value, grads } = own.valueAndGrad({ w }, () => steep(w, slope));
    own.judge();
    const seen = [await value.item(), await (grads.w as Tensor).item()];
    for (const t of [value, ...Object.values(grads)]) t.dispose();
    return seen;
  };
  for (let i = 0; i < 3; i++) expect(await step(scaler)).toEqual([3, 3]);
  expect(await numbers(scaler.state().tensors)).toEqual([8, 1]);
  const resumed = new LossScaler({ growthInterval: 2 });
  resumed.loadState({ tensors: { scale: [8], good: [1], verdict: [1, 0] } });
  await step(resumed);
  await step(scaler);
  expect(await numbers(resumed.state().tensors)).toEqual(await numbers(scaler.state().tensors));
  expect(() => resumed.loadState({ tensors: { scale: [8] } })).toThrow('LossScaler: the saved state lacks good');
  expect(() => new LossScaler({ scale: 0 })).toThrow('LossScaler: scale is 0');
  for (const end of [scaler, resumed, w, slope]) end.dispose();
});

const makers: Readonly<Record<string, (weights: Named) => Optimizer>> = {
  SGD: (weights) => new SGD(weights, { learningRate: 0.1, momentum: 0.9 }),
  Adam: (weights) => new Adam(weights, { learningRate: 0.1, weightDecay: 0.1 }),
  AdamW: (weights) => new AdamW(weights, { learningRate: 0.1 }),
};

const INFINITE = 3e38;

/** A weight with its optimiser; `gradOf` is the gradient of `slope` times it, by the scaler. */
class Learner {
  readonly w = parameter(tensor([1, 2, 3], [3]));
  readonly optimizer: Optimizer;

  constructor(make: (weights: Named) => Optimizer) {
    this.optimizer = make({ w: this.w });
  }

  gradOf(scaler: LossScaler, slope: number): Named {
    return scope(() => scaler.valueAndGrad({ w: this.w }, () => steep(this.w, tensor([1, -2, slope], [3]))).grads);
  }

  /** One step on the mean over `slopes`. */
  step(scaler: LossScaler, slopes: readonly number[]): void {
    scope(() => {
      const total = new GradientAccumulator();
      for (const slope of slopes) total.add(this.gradOf(scaler, slope));
      this.optimizer.step(total.mean(), scaler);
    });
  }

  /** The weights after ungated steps along the mean of each of `taken`. */
  static async after(
    make: (weights: Named) => Optimizer,
    taken: readonly (readonly number[])[],
  ): Promise<Float32Array> {
    const plain = new Learner(make);
    for (const slopes of taken)
      scope(() =>
        plain.optimizer.step({ w: tensor([1, -2, slopes.reduce((sum, x) => sum + x, 0) / slopes.length], [3]) }),
      );
    const weights = await plain.w.read();
    plain.dispose();
    return weights as Float32Array;
  }

  dispose(): void {
    this.optimizer.dispose();
    this.w.dispose();
  }
}

for (const [name, make] of Object.entries(makers)) {
  test(`${name}: an accumulated step is left out wherever in it a gradient overflows, and counts once`, async () => {
    const finite = [
      [3, 4, 5, 6],
      [1, 2, 3, 4],
    ] as const;
    for (const overflowing of [[0], [3], [1, 2], [0, 1, 2, 3]]) {
      const scaler = new LossScaler({ scale: 1024 });
      const learner = new Learner(make);
      learner.step(
        scaler,
        [0, 1, 2, 3].map((i) => (overflowing.includes(i) ? INFINITE : 1)),
      );
      for (const slopes of finite) learner.step(scaler, slopes);
      compare('weights', await learner.w.read(), await Learner.after(make, finite), 2e-5);
      expect(await numbers(scaler.state().tensors)).toEqual([512, 2]);
      expect(await learner.optimizer.state().tensors.skipped?.item()).toBe(1);
      for (const end of [scaler, learner]) end.dispose();
    }
  });

  test(`${name}: optimisers that share a scaler count their own steps, and a new one begins at its first`, async () => {
    const scaler = new LossScaler({ scale: 2 ** 20 });
    const [one, other] = [new Learner(make), new Learner(make)];
    for (let i = 0; i < 3; i++) {
      one.step(scaler, [INFINITE]);
      other.step(scaler, [3]);
    }
    one.step(scaler, [3]);
    const fresh = new Learner(make);
    fresh.step(scaler, [3]);
    const once = await Learner.after(make, [[3]]);
    compare('one', await one.w.read(), once, 2e-5);
    compare('other', await other.w.read(), await Learner.after(make, [[3], [3], [3]]), 2e-5);
    compare('fresh', await fresh.w.read(), once, 2e-5);
    for (const end of [scaler, one, other, fresh]) end.dispose();
  });

  test(`${name}: one verdict holds for every optimiser that steps on the same gradients`, async () => {
    const scaler = new LossScaler({ scale: 1024 });
    const [one, other] = [new Learner(make), new Learner(make)];
    for (const slope of [INFINITE, 3])
      scope(() => {
        const grads = one.gradOf(scaler, slope);
        for (const { optimizer } of [one, other]) optimizer.step(grads, scaler);
      });
    const once = await Learner.after(make, [[3]]);
    compare('one', await one.w.read(), once, 2e-5);
    expect([...(await other.w.read())]).toEqual([...(await one.w.read())]);
    expect(await numbers(scaler.state().tensors)).toEqual([512, 1]);
    for (const end of [scaler, one, other]) end.dispose();
  });

  test(`${name}: what was left out is saved; states from before it was, and steps without a scaler, go on`, async () => {
    for (const slopes of [
      [3, 4],
      [3, INFINITE, INFINITE, INFINITE, INFINITE, 4],
    ]) {
      const scaler = new LossScaler({ scale: 1024 });
      const learner = new Learner(make);
      for (const slope of slopes) learner.step(scaler, [slope]);
      const weights = await learner.w.read();
      const { steps, tensors } = learner.optimizer.state();
      const saved = Object.fromEntries(
        await Promise.all(Object.entries(tensors).map(async ([key, t]) => [key, await t.read()] as const)),
      );
      expect(saved.skipped?.[0]).toBe(slopes.length - 2);
      const resume = async (from: typeof saved, gate?: LossScaler): Promise<number[]> => {
        const resumed = new Learner(make);
        resumed.w.assign(weights);
        resumed.optimizer.loadState({ steps, tensors: from });
        scope(() => resumed.optimizer.step(resumed.gradOf(scaler, 5), gate));
        const after = [...(await resumed.w.read())];
        resumed.dispose();
        return after;
      };
      const { skipped: _, ...old } = saved;
      const [gated, ungated, older] = [await resume(saved, scaler), await resume(saved), await resume(old, scaler)];
      learner.step(scaler, [5]);
      const whole = [...(await learner.w.read())];
      expect(gated).toEqual(whole);
      expect(ungated).toEqual(whole);
      if (slopes.length === 2) expect(older).toEqual(whole);
      expect(older.every(Number.isFinite)).toBe(true);
      for (const end of [scaler, learner]) end.dispose();
    }
  });
}

test('a run that never met a scaler is saved as it always was', () => {
  const learner = new Learner((weights) => new AdamW(weights));
  scope(() => learner.optimizer.step({ w: tensor([1, 2, 3], [3]) }));
  expect(Object.keys(learner.optimizer.state().tensors)).toEqual(['w.0', 'w.1']);
  learner.dispose();
});

test('a loaded scaler forgets what was not finite before', async () => {
  const scaler = new LossScaler({ scale: 1024 });
  const learner = new Learner((weights) => new SGD(weights));
  scope(() => void learner.gradOf(scaler, INFINITE));
  scaler.loadState({ tensors: { scale: [1024], good: [5] } });
  learner.step(scaler, [3]);
  expect(await numbers(scaler.state().tensors)).toEqual([1024, 6]);
  for (const end of [scaler, learner]) end.dispose();
});
