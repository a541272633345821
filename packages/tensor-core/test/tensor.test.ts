import { expect, test } from 'vitest';
import {
  add,
  cast,
  currentDevice,
  DTypeError,
  dropout,
  mul,
  persist,
  Rng,
  ShapeError,
  scope,
  sum,
  Tensor,
  tensor,
  valueAndGrad,
} from '../src/index.ts';
import { devices } from './devices.ts';

test('what goes in comes out, in every dtype', async () => {
  for (const [dtype, data] of [
    ['f32', [1.5, -2, Number.NaN]],
    ['i32', [1, -2, 3]],
    ['u32', [1, 2, 4294967295]],
  ] as const) {
    using x = tensor(data, [3], dtype);
    expect(Array.from(await x.read())).toEqual([...data]);
  }
});

test('f16 rounds to the nearest even half', async () => {
  const { software } = await devices();
  if (!software.info.features.f16) {
    expect(() => tensor([1], [1], 'f16')).toThrow(DTypeError);
    return;
  }
  using x = tensor([1 / 3, 65504, 1e6, 2 ** -24, 2049], [5], 'f16');
  expect(Array.from(await x.read())).toEqual([0.333251953125, 65504, Number.POSITIVE_INFINITY, 2 ** -24, 2048]);
});

test('a wrong count of numbers is refused with both numbers', () => {
  expect(() => tensor([1, 2, 3], [2, 2])).toThrow(new ShapeError('tensor: 3 numbers given, shape [2, 2] holds 4'));
  expect(() => tensor([], [0])).toThrow('every extent must be an integer >= 1 (shape [0])');
  expect(() => tensor([1], [1, 1, 1, 1, 1, 1, 1])).toThrow('rank 7 exceeds 6');
});

test('use after dispose names the shape and the remedy', () => {
  const x = tensor([1, 2], [2]);
  x.dispose();
  x.dispose();
  expect(() => add(x, 1)).toThrow(
    new ReferenceError('a disposed tensor [2] f32 is used; return it from its scope, or persist() it'),
  );
});

test('a scope frees all but what it returns, at any depth', async () => {
  const device = currentDevice();
  const before = device.memory().liveBytes;
  const kept = scope(() => {
    const a = tensor([1], [1]);
    const b = add(a, 1);
    return { list: [b], map: new Map([['c', scope(() => mul(b, 2))]]) };
  });
  expect(device.memory().liveBytes - before).toBe(8);
  expect(await kept.map.get('c')?.item()).toBe(4);
  kept.list[0]?.dispose();
  kept.map.get('c')?.dispose();
});

test('a scope keeps what an object without a prototype holds, as Object.groupBy makes them', async () => {
  const groups = scope(() => Object.assign(Object.create(null), { odd: [tensor([1], [1]), tensor([3], [1])] }));
  for (const x of groups.odd) {
    expect(await x.item()).toBeGreaterThan(0);
    x.dispose();
  }
});

test('a scope frees everything when its function throws', async () => {
  const device = currentDevice();
  const before = device.memory().liveBytes;
  expect(() =>
    scope(() => {
      tensor([1], [1]);
      throw new Error('mine');
    }),
  ).toThrow('mine');
  expect(device.memory().liveBytes).toBe(before);
});

test('a scope refuses a promise', () => {
  expect(() => scope(async () => tensor([1], [1]).dispose())).toThrow(
    'scope: fn returned a promise; await outside, around the scope',
  );
});

test('an op that has nothing to do gives a handle of its own to the same value, and costs no byte', async () => {
  using x = tensor([1, 2], [2]);
  const device = currentDevice();
  const before = device.memory().liveBytes;
  for (const op of [(h: Tensor) => cast(h, 'f32'), (h: Tensor) => dropout(h, 0, new Rng(1))]) {
    const y = op(x);
    expect(device.memory().liveBytes).toBe(before);
    y.dispose();
    expect(Array.from(await x.read())).toEqual([1, 2]);
    scope(() => void op(x));
    const { value, grads } = valueAndGrad([x], () => sum(mul(op(x), op(x))));
    expect(Array.from(await grads[0].read())).toEqual([2, 4]);
    for (const t of [value, grads[0]]) t.dispose();
  }
});

test('a persistent tensor outlives every scope', async () => {
  const x = scope(() => scope(() => ({ hidden: [persist(tensor([3], [1]))] })).hidden[0] as Tensor);
  expect(await x.item()).toBe(3);
  x.dispose();
});

test('an upload into a recycled buffer waits for the commands that still read it', async () => {
  using y = scope(() => {
    const a = tensor([1], [1]);
    const b = add(a, 10);
    a.dispose();
    const c = tensor([2], [1]);
    return add(b, mul(c, 100));
  });
  expect(await y.item()).toBe(211);
});

test('item refuses more than one element', async () => {
  using x = tensor([1, 2], [2]);
  await expect(x.item()).rejects.toThrow('item: the tensor has 2 elements, expected 1 (shape [2])');
});

test('tensors of two devices do not mix, and both devices stay usable', async () => {
  const { software, gpu } = await devices();
  const { withDevice } = await import('../src/index.ts');
  using a = withDevice(software, () => tensor([1], [1]));
  using b = withDevice(gpu, () => tensor([2], [1]));
  expect(() => scope(() => add(a, b))).toThrow('add: its tensors live on different devices');
  using c = add(b, 1);
  expect(await c.item()).toBe(3);
});

test('a binding past the limit is refused before anything is recorded', async () => {
  const device = currentDevice();
  const limit = device.info.limits.maxStorageBufferBindingSize;
  expect(() => Tensor.empty([limit / 4 + 1], 'f32', device)).toThrow(`this adapter allows ${limit}`);
});

test('200 training steps: live bytes flat to the byte, no buffer and no pipeline after the second', async () => {
  const device = currentDevice();
  using w = tensor([0.5, -0.5, 1], [3]);
  using x = tensor([1, 2, 3, 4, 5, 6], [2, 3]);
  const history: string[] = [];
  for (let step = 0; step < 200; step++) {
    const { value, grads } = valueAndGrad({ w }, () => sum(mul(mul(x, w), x)));
    const { liveBytes, createdBuffers, pipelines } = device.memory();
    history.push([liveBytes, createdBuffers, pipelines].join());
    value.dispose();
    grads.w.dispose();
  }
  expect(new Set(history.slice(2)).size).toBe(1);
});
