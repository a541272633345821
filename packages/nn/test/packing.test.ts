import { type Device, init, memory, Rng, ShapeError, scope, type Tensor, tensor } from '@diffad/tensor-core';
import { beforeAll, expect, test, vi } from 'vitest';
import {
  AdamW,
  BatchNorm2d,
  clipGradNorm,
  cosine,
  Ema,
  GradientAccumulator,
  type Named,
  parameter,
  SGD,
} from '../src/index.ts';

let device: Device;
beforeAll(async () => {
  device = await init();
});

const rng = new Rng(4);
const draw = (count: number): Record<string, Tensor> =>
  scope(() =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`w${i}`, parameter(tensor(rng.normals(3 * i + 1), [3 * i + 1]))]),
    ),
  );
const read = (named: Named): Promise<number[][]> =>
  Promise.all(Object.values(named).map(async (t) => Array.from(await t.read())));
const free = (...all: Named[]): void => {
  for (const named of all) for (const t of Object.values(named)) t.dispose();
};

/** Dispatches and copies that `fn` records. */
function recorded(fn: () => void): { dispatches: number; copies: number } {
  const dispatch = vi.spyOn(device.recorder, 'dispatch');
  const copy = vi.spyOn(device.recorder, 'copyInto');
  fn();
  const counts = { dispatches: dispatch.mock.calls.length, copies: copy.mock.calls.length };
  vi.restoreAllMocks();
  return counts;
}

test('a hundred tensors are updated, averaged and swapped in one dispatch each, clipped in three', () => {
  const weights = draw(100);
  const grads = draw(100);
  using optimizer = new AdamW(weights);
  using ema = new Ema(weights, 0.99);
  expect(recorded(() => optimizer.step(grads))).toEqual({ dispatches: 1, copies: 100 });
  let clipped: Named = {};
  // One fills the gaps between the copies with zeros.
  expect(recorded(() => (clipped = clipGradNorm(grads, 1)))).toEqual({ dispatches: 4, copies: 100 });
  expect(recorded(() => optimizer.step(clipped))).toEqual({ dispatches: 1, copies: 0 });
  expect(recorded(() => ema.update())).toEqual({ dispatches: 1, copies: 0 });
  expect(recorded(() => ema.swap())).toEqual({ dispatches: 1, copies: 0 });
  free(weights, grads, clipped);
});

test('packing moves tensors without changing them, and ends with its owners', async () => {
  const before = memory().liveBytes;
  const weights = draw(5);
  const values = await read(weights);
  const optimizer = new SGD(weights);
  expect(await read(weights)).toEqual(values);
  weights.w3?.assign(new Float32Array(10).fill(2));
  expect((await read(weights)).map((row) => row.length)).toEqual([1, 4, 7, 10, 13]);
  expect(await read({ w2: weights.w2 as Tensor, w4: weights.w4 as Tensor })).toEqual([values[2], values[4]]);
  optimizer.dispose();
  free(weights);
  expect(memory().liveBytes).toBe(before);
});

test('optimisers and averages over different parts of the same parameters do not disturb one another', async () => {
  const weights = draw(4);
  const grads = draw(4);
  const { w0: _, ...rest } = weights;
  const other = tensor([1], [1]);
  using all = new SGD(weights, { learningRate: 1 });
  using some = new SGD(rest, { learningRate: 1 });
  using fresh = new Ema({ ...rest, other }, 0.5);
  const [start, g] = [await read(weights), await read(grads)];
  all.step(grads);
  some.step(grads);
  fresh.update();
  const expected = start.map((row, i) => row.map((w, j) => Math.fround(w - (g[i]?.[j] ?? 0))));
  const twice = expected.map((row, i) => row.map((w, j) => (i === 0 ? w : Math.fround(w - (g[i]?.[j] ?? 0)))));
  expect(await read(weights)).toEqual(twice);
  free(weights, grads, { other });
});

test('buffers that ops write stay alone', async () => {
  using norm = new BatchNorm2d(4);
  using ema = new Ema(norm.namedState(), 0.9);
  const x = tensor(rng.normals(16), [1, 2, 2, 4]);
  norm.call(x).dispose();
  ema.update();
  await device.sync();
  expect(Object.keys(ema.state().tensors)).toContain('running_mean');
  x.dispose();
});

test('a repeated step makes no buffer', async () => {
  const weights = draw(20);
  const grads = draw(20);
  using optimizer = new AdamW(weights);
  using ema = new Ema(weights, 0.99);
  const step = async (): Promise<number> => {
    scope(() => optimizer.step(clipGradNorm(grads, 1)));
    ema.update();
    await device.sync();
    return memory().createdBuffers;
  };
  await step();
  const created = await step();
  for (let i = 0; i < 3; i++) expect(await step()).toBe(created);
  free(weights, grads);
});

test('clipping leaves small gradients alone and shortens long ones to the norm', async () => {
  const grads = { a: tensor([3, 0, 0], [3]), b: tensor([4], [1]) };
  const short = clipGradNorm(grads, 10);
  const long = clipGradNorm(grads, 1);
  expect(await read(short)).toEqual([[3, 0, 0], [4]]);
  const [[x] = [], [y] = []] = await read(long);
  expect(x).toBeCloseTo(0.6, 6);
  expect(y).toBeCloseTo(0.8, 6);
  expect(() => clipGradNorm(grads, Number.NaN)).toThrow(
    'clipGradNorm: maxNorm is NaN, expected a number in [0, Infinity)',
  );
  expect(() => clipGradNorm({}, 1)).toThrow(new ShapeError('clipGradNorm: no gradients given'));
  free(grads, short, long);
});

test('accumulated gradients are their mean, again and again', async () => {
  const total = new GradientAccumulator();
  for (const scale of [1, 10]) {
    for (const value of [1, 2, 6]) {
      const grads = { a: tensor([value * scale, 0], [2]), b: tensor([-value * scale], [1, 1]) };
      total.add(grads);
      free(grads);
    }
    const mean = total.mean();
    const [[a] = [], [b] = []] = await read(mean);
    expect([a, b]).toEqual([expect.closeTo(3 * scale, 5), expect.closeTo(-3 * scale, 5)]);
    free(mean);
  }
  expect(() => total.mean()).toThrow('mean() before add()');
});

test('gradients of other shapes or names are not added up', () => {
  const total = new GradientAccumulator();
  const grads = { a: tensor([1, 2], [2]) };
  const others = { a: tensor([1], [1]) };
  total.add(grads);
  expect(() => total.add(others)).toThrow(new ShapeError('GradientAccumulator: got a [1] after a [2]'));
  total.dispose();
  free(grads, others);
});

test('a step, an average and a swap refuse parameters that were disposed or replaced since', () => {
  const weights = draw(3);
  const grads = draw(3);
  using optimizer = new SGD(weights);
  using ema = new Ema(weights, 0.9);
  weights.w1?.dispose();
  const why = "w1 disposed or replaced since, as to('f16') does; make a new";
  expect(() => optimizer.step(grads)).toThrow(new ReferenceError(`SGD: ${why} SGD after it`));
  for (const act of ['update', 'swap'] as const)
    expect(() => ema[act]()).toThrow(new ReferenceError(`Ema: ${why} Ema after it`));
  expect([optimizer.steps, ema.state().updates]).toEqual([0, 0]);
  free(weights, grads);
});

test('options out of range, shared tensors, no tensors and gradients of another shape are refused', () => {
  const w = parameter(tensor([1, 2], [2]));
  const grad = tensor([1], [1]);
  expect(() => new AdamW({ w }, { learningRate: -1 })).toThrow('Adam: learningRate is -1');
  expect(() => new AdamW({ w }, { betas: [0.9, 1] })).toThrow('Adam: betas[1] is 1, expected a number in [0, 1)');
  expect(() => new SGD({ w }, { momentum: Number.NaN })).toThrow('SGD: momentum is NaN');
  expect(() => new SGD({ w }, { nesterov: true })).toThrow('SGD: nesterov needs a momentum above 0');
  expect(() => new SGD({ w, tied: w })).toThrow('SGD: w and tied are the same tensor; give it once');
  expect(() => new SGD({})).toThrow('SGD: no parameters given');
  expect(() => new Ema({ w }, 1)).toThrow('Ema: decay is 1, expected a number in [0, 1)');
  using optimizer = new SGD({ w });
  expect(() => optimizer.step({ w: grad })).toThrow('SGD: w is [2], its gradient [1]');
  optimizer.learningRate = cosine(0.1, 0)(0);
  expect(() => optimizer.step({ w })).toThrow('SGD: learningRate is NaN, expected a number in [0, Infinity)');
  expect(optimizer.steps).toBe(0);
  free({ w, grad });
});
