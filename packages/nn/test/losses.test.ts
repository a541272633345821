import {
  DTypeError,
  init,
  Rng,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
} from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { devices } from '../../tensor-core/test/devices.ts';
import { compare } from '../../tensor-core/test/laws.ts';
import { dice, focal, gaussianKl, gradientLoss, Lpips, l1, mse, ssim } from '../src/index.ts';
import { type GoldenLoss, goldens, stateOf } from './goldens.ts';

const losses: Readonly<Record<string, (x: Tensor, y: Tensor) => Tensor>> = {
  l1,
  mse,
  gradientLoss,
  ssim,
  gaussianKl,
  focal: (logits, mask) => focal(logits, mask),
};

/** Means of a few thousand float32 terms; SSIM divides by variances near 0.03, taken as differences of means. */
const toleranceOf = (name: string): number => (name === 'ssim' ? 1e-5 : 2e-6);

for (const golden of goldens.losses.filter(({ name }) => name in losses))
  test(`${golden.name} is PyTorch's, with its gradients`, async () => {
    const loss = losses[golden.name] as (x: Tensor, y: Tensor) => Tensor;
    const tolerance = toleranceOf(golden.name);
    const expected = golden.gradients.filter((gradient) => gradient !== null);
    for (const [variant, device] of Object.entries(await devices())) {
      const { value, grads } = withDevice(device, () =>
        scope(() => {
          const [x, y] = golden.inputs.map(({ data, shape }) => tensor(data, shape)) as [Tensor, Tensor];
          return valueAndGrad(golden.gradients[1] ? [x, y] : [x], () => loss(x, y));
        }),
      );
      compare(`${variant} value`, [await value.item()], [golden.value], tolerance);
      for (const [i, { data }] of expected.entries())
        compare(`${variant} gradient ${i}`, scaled(await (grads[i] as Tensor).read()), scaled(data), tolerance * 10);
      for (const t of [value, ...grads]) t.dispose();
    }
  });

test('mse with weights [B, 1] counts every error by its weight, in value and gradient', async () => {
  const [rows, columns] = [3, 5];
  const [a, b] = [1, 2].map((seed) => Float32Array.from({ length: rows * columns }, (_, i) => Math.sin(seed * i + 1)));
  const w = Float32Array.of(0, 0.5, 2.5);
  const error = (i: number): number => (a?.[i] as number) - (b?.[i] as number);
  const weight = (i: number): number => w[Math.floor(i / columns)] as number;
  const indices = [...(a as Float32Array).keys()];
  const expected = indices.reduce((sum, i) => sum + weight(i) * error(i) ** 2, 0) / indices.length;
  for (const [variant, device] of Object.entries(await devices())) {
    const { value, grads } = withDevice(device, () =>
      scope(() => {
        const [x, y] = [tensor(a as Float32Array, [rows, columns]), tensor(b as Float32Array, [rows, columns])];
        return valueAndGrad([x], () => mse(x, y, tensor(w, [rows, 1])));
      }),
    );
    compare(`${variant} value`, [await value.item()], [expected], 2e-6);
    const gradient = indices.map((i) => (2 * weight(i) * error(i)) / indices.length);
    compare(`${variant} gradient`, await (grads[0] as Tensor).read(), gradient, 2e-6);
    for (const t of [value, ...grads]) t.dispose();
  }
});

test('dice is its definition, in value and gradient, also where nothing is marked', async () => {
  const drawn = fc.tuple(fc.integer({ min: 1, max: 300 }), fc.constantFrom(0, 0.1, 0.5, 1), fc.nat());
  await fc.assert(
    fc.asyncProperty(drawn, async ([n, share, seed]) => {
      const rng = new Rng(seed);
      const p = rng.normals(n).map((x) => 1 / (1 + Math.exp(-x)));
      const m = Float32Array.from(p, () => (rng.int(0, 1000) < 1000 * share ? 1 : 0));
      const total = (of: (i: number) => number): number => Array.from(p, (_, i) => of(i)).reduce((a, b) => a + b, 0);
      const [at, marked] = [(i: number) => p[i] as number, (i: number) => m[i] as number];
      const common = 2 * total((i) => at(i) * marked(i)) + 1;
      const all = total((i) => at(i) ** 2 + marked(i)) + 1;
      const gradient = Array.from(p, (_, i) => (2 * (common * at(i) - all * marked(i))) / all ** 2);
      for (const [variant, device] of Object.entries(await devices())) {
        const { value, grads } = withDevice(device, () =>
          scope(() => {
            const [x, y] = [tensor(p, [n]), tensor(m, [n])];
            return valueAndGrad([x], () => dice(x, y));
          }),
        );
        compare(`${variant} value`, [await value.item()], [1 - common / all], 2e-6);
        compare(`${variant} gradient`, await (grads[0] as Tensor).read(), gradient, 2e-6);
        for (const t of [value, ...grads]) t.dispose();
      }
    }),
    { numRuns: 20, seed: 8 },
  );
});

test('losses of two tensors refuse what would be broadcast, and weights that would broadcast the errors', async () => {
  await init();
  using lpips = new Lpips({ width: 2 });
  const alike = { l1, mse, dice, gradientLoss, ssim, gaussianKl, lpips: (x: Tensor, y: Tensor) => lpips.call(x, y) };
  const [one, two] = [
    [1, 16, 16, 3],
    [2, 16, 16, 3],
  ].map((shape) => tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape)) as [Tensor, Tensor];
  const [column, row] = [tensor([1, 2, 3], [3, 1]), tensor([1, 2, 3], [3])];
  for (const [name, loss] of Object.entries(alike)) {
    expect(() => loss(one, two), name).toThrow(ShapeError);
    expect(() => loss(one, two), name).toThrow(
      /\b\w+: \w+ is \[1, 16, 16, 3\], \w+ \[2, 16, 16, 3\]; reshape one to the shape of the other$/,
    );
  }
  expect(() => mse(column, row)).toThrow('mse: x is [3, 1], y [3]; reshape one to the shape of the other');
  expect(() => mse(row, row, column)).toThrow(
    'mse: weights [3, 1] do not broadcast to x [3]; give them its axes or axes of one',
  );
  for (const t of [one, two, column, row]) t.dispose();
});

test('lpips is PyTorch’s with the same weights, with its gradients', async () => {
  const golden = goldens.losses.find(({ name }) => name === 'lpips') as GoldenLoss;
  // Its ops have their laws on both kernel families; here one does, for the dozens of kernels it takes.
  await init();
  using lpips = new Lpips({ width: 2 });
  lpips.loadStateDict(stateOf(goldens.lpips));
  const { value, grads } = scope(() => {
    const [x, y] = golden.inputs.map(({ data, shape }) => tensor(data, shape)) as [Tensor, Tensor];
    return valueAndGrad([x, y], () => lpips.call(x, y));
  });
  compare('value', [await value.item()], [golden.value], 2e-5);
  for (const [i, grad] of grads.entries())
    compare(`gradient ${i}`, scaled(await grad.read()), scaled(golden.gradients[i]?.data ?? []), 1e-4);
  for (const t of [value, ...grads]) t.dispose();
});

test('lpips of a picture and itself is zero with zero gradients, dead pixels included', async () => {
  await init();
  using lpips = new Lpips({ width: 2 });
  const x = tensor(new Float32Array(768).fill(0.5), [1, 16, 16, 3]);
  const { value, grads } = valueAndGrad([x], () => lpips.call(x, x));
  expect(await value.item()).toBe(0);
  expect([...(await grads[0].read())].every((gradient) => Math.abs(gradient) === 0)).toBe(true);
  for (const t of [x, value, grads[0]]) t.dispose();
});

/** Gradients of a mean are small: brought to a largest magnitude near one, so that the tolerance is a relative one. */
function scaled(values: ArrayLike<number>): number[] {
  return Array.from(values, (value) => value * 1000);
}

/** Probability of class 1, mask, loss: spec 3.3. */
const focalVectors = [
  [0.1, 0, 0.00105354],
  [0.9, 1, 0.00105354],
  [0.5, 1, 0.17327484],
  [0.99, 0, 4.51140833],
  [1, 1, 0],
] as const;

for (const [p, marked, expected] of focalVectors)
  test(`focal(p = ${p}, y = ${marked}) is ${expected}`, async () => {
    await init();
    const gap = p === 1 ? 60 : Math.log(p / (1 - p));
    using loss = scope(() => focal(tensor([0, gap], [1, 1, 1, 2]), tensor([marked], [1, 1, 1])));
    expect(Math.abs((await loss.item()) - expected)).toBeLessThan(2e-6 * Math.max(1, expected));
  });

test('focal of the logits of the specification is 0.04424776', async () => {
  await init();
  const logits = tensor([2, 0, -1, 1, 0.5, 0.5, 0, 3], [1, 2, 2, 2]);
  const mask = tensor([0, 1, 0, 1], [1, 2, 2]);
  using loss = focal(logits, mask);
  expect(await loss.item()).toBeCloseTo(0.04424776, 6);
  logits.dispose();
  mask.dispose();
});

test('focal of a hopeless and of a perfect answer has finite gradients', async () => {
  await init();
  const logits = tensor([-200, 200, 200, -200], [1, 1, 2, 2]);
  const mask = tensor([0, 0], [1, 1, 2]);
  const { value, grads } = valueAndGrad([logits], () => focal(logits, mask));
  expect(Number.isFinite(await value.item())).toBe(true);
  expect([...(await grads[0].read())].every(Number.isFinite)).toBe(true);
  for (const t of [value, grads[0], logits, mask]) t.dispose();
});

test('focal with gamma 1 has the loss and the gradient of its formula, saturated answers included', async () => {
  const gaps = [-60, -20, -1, 0, 0.5, 3, 20, 60];
  const marks = gaps.map((_, i) => i % 2);
  // The smallest pt, 2e-5, is a difference of float32 numbers near 1.
  const tolerance = 1e-4;
  const term = (gap: number, mark: number): number => {
    const y = Math.min(Math.max(mark, 1e-5), 1 - 1e-5);
    const p = 1 / (1 + Math.exp(-gap));
    const pt = y * p + (1 - y) * (1 - p) + 1e-5;
    return (-Math.max(1 - pt, 0) * Math.log(pt)) / gaps.length;
  };
  for (const order of [0, 1]) {
    const signs = marks.map((mark) => (mark + order) % 2);
    const slopes = gaps.flatMap((gap, i) => {
      const mark = signs[i] as number;
      const slope = (term(gap + 1e-5, mark) - term(gap - 1e-5, mark)) / 2e-5;
      return [-slope, slope];
    });
    for (const [variant, device] of Object.entries(await devices())) {
      const { value, grads } = withDevice(device, () =>
        scope(() => {
          const logits = tensor(
            gaps.flatMap((gap) => [0, gap]),
            [gaps.length, 2],
          );
          return valueAndGrad([logits], () => focal(logits, tensor(signs, [gaps.length]), 1));
        }),
      );
      const expected = gaps.reduce((sum, gap, i) => sum + term(gap, signs[i] as number), 0);
      compare(`${variant} value`, [await value.item()], [expected], tolerance);
      compare(`${variant} gradient`, await grads[0].read(), slopes, tolerance);
      for (const t of [value, grads[0]]) t.dispose();
    }
  }
});

test('focal refuses other dtypes and a gamma below 1', async () => {
  await init();
  const [logits, mask, count] = [tensor([1, 2], [1, 2]), tensor([1], [1]), tensor([1], [1], 'i32')];
  const whole = tensor([1, 2], [1, 2], 'i32');
  expect(() => focal(logits, count)).toThrow(
    new DTypeError("focal: mask is i32, expected f32; convert it with cast(x, 'f32')"),
  );
  expect(() => focal(whole, mask)).toThrow('focal: logits is i32, expected f32');
  expect(() => focal(logits, mask, 0.5)).toThrow('focal: gamma is 0.5, expected a number in [1, Infinity)');
  for (const t of [logits, mask, count, whole]) t.dispose();
});

test('focal names both shapes when they do not fit', async () => {
  await init();
  const logits = tensor([0, 0, 0], [1, 1, 1, 3]);
  const mask = tensor([0], [1, 1, 1]);
  expect(() => focal(logits, mask)).toThrow(
    'focal: logits [1, 1, 1, 3] must end in 2 and the mask [1, 1, 1] be [1, 1, 1]',
  );
  const wide = tensor(new Float32Array(12), [1, 2, 3, 2]);
  for (const shape of [[1, 3, 2], [2, 3], [6], [1, 2, 3, 2], [1, 2, 1]]) {
    using turned = tensor(new Float32Array(shape.reduce((a, b) => a * b)), shape);
    expect(() => focal(wide, turned), shape.join()).toThrow(ShapeError);
  }
  for (const shape of [
    [1, 2, 3],
    [1, 2, 3, 1],
  ]) {
    using fitting = tensor(new Float32Array(6), shape);
    focal(wide, fitting).dispose();
  }
  wide.dispose();
  logits.dispose();
  mask.dispose();
});

test('losses of pictures name both shapes and the axes they expect', async () => {
  await init();
  const refused = (shape: readonly number[], loss: (x: Tensor, y: Tensor) => Tensor, message: string): void => {
    using x = tensor(new Float32Array(shape.reduce((a, b) => a * b, 1)), shape);
    expect(() => loss(x, x), shape.join()).toThrow(new ShapeError(message));
  };
  for (const shape of [[16], [16, 16], [16, 16, 3], [1, 1, 16, 16, 3]]) {
    const got = `got x [${shape.join(', ')}], y [${shape.join(', ')}]`;
    refused(shape, ssim, `ssim: expected pictures [B, H, W, C], ${got}`);
    refused(shape, gradientLoss, `gradientLoss: expected pictures [B, H, W, C] of at least 2 pixels each way, ${got}`);
  }
  const thin = 'gradientLoss: expected pictures [B, H, W, C] of at least 2 pixels each way, got';
  refused([1, 1, 4, 3], gradientLoss, `${thin} x [1, 1, 4, 3], y [1, 1, 4, 3]`);
  refused([1, 4, 1, 3], gradientLoss, `${thin} x [1, 4, 1, 3], y [1, 4, 1, 3]`);
});
