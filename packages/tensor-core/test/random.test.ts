import { expect, test } from 'vitest';
import { dropout, ones, Rng, randn, scope, sum, type Tensor, uniform, valueAndGrad, withDevice } from '../src/index.ts';
import { devices } from './devices.ts';

const onEach = async (fn: () => Tensor): Promise<Float32Array[]> => {
  const results: Float32Array[] = [];
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () => scope(fn));
    results.push((await y.read()) as Float32Array);
  }
  return results;
};

test('CPU and GPU draw the same bits, past 2^32 blocks too', async () => {
  for (const position of [0, 7, 2 ** 32 - 3, 2 ** 40]) {
    const at = () => Rng.from({ seed: '123456789012345', stream: '77', position });
    for (const bits of await onEach(() => uniform([3, 11], at()))) expect(bits).toEqual(at().uniforms(33));
    for (const bits of await onEach(() => randn([1001], at()))) expect(bits).toEqual(at().normals(1001));
  }
});

test('drawing on the GPU moves the generator as drawing on the CPU does', () => {
  const [a, b] = [new Rng(1), new Rng(1)];
  scope(() => void randn([5], a));
  b.normals(5);
  expect(a.state()).toEqual(b.state());
});

test('uniform keeps to its range', async () => {
  for (const values of await onEach(() => uniform([1000], new Rng(2), -3, -2)))
    expect(values.every((v) => v >= -3 && v < -2)).toBe(true);
});

test('dropout zeroes a share p, scales the rest, and its gradient has the same mask', async () => {
  for (const device of Object.values(await devices())) {
    const { x, y, grads } = withDevice(device, () => {
      const x = ones([40, 50]);
      const y = scope(() => dropout(x, 0.3, new Rng(4)));
      const result = valueAndGrad({ x }, () => sum(dropout(x, 0.3, new Rng(4))));
      result.value.dispose();
      return { x, y, grads: result.grads };
    });
    const values = await y.read();
    const dropped = values.filter((v) => v === 0).length / 2000;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt(0.21 / 2000));
    expect(new Set(values)).toEqual(new Set([0, Math.fround(1 / (1 - Math.fround(0.3)))]));
    expect(await grads.x.read()).toEqual(values);
    for (const t of [x, y, grads.x]) t.dispose();
  }
  using x = ones([1]);
  expect(() => dropout(x, 1, new Rng(0))).toThrow('dropout: p must lie in [0, 1), got 1');
});
