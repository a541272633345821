import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type GroupNormOptions,
  groupNorm,
  Rng,
  ShapeError,
  scope,
  type Tensor,
  tensor,
  withDevice,
} from '../src/index.ts';
import { devices } from './devices.ts';
import { checkLaws, laws, type NdArray, nd } from './laws.ts';

/** Group norm in float64, moments over explicit lists. */
function reference({
  groups,
  eps = 1e-5,
  activation,
}: GroupNormOptions): (x: NdArray, gamma: NdArray, beta: NdArray) => NdArray {
  return (x, gamma, beta) => {
    const channels = x.shape.at(-1) as number;
    const perPicture = x.data.length / (x.shape[0] as number);
    const groupOf = (i: number): string =>
      `${Math.floor(i / perPicture)},${Math.floor(((i % channels) * groups) / channels)}`;
    const members = new Map<string, number[]>();
    x.data.forEach((value, i) => {
      const list = members.get(groupOf(i)) ?? [];
      list.push(value);
      members.set(groupOf(i), list);
    });
    const moments = new Map(
      [...members].map(([key, values]) => {
        const mean = values.reduce((a, b) => a + b) / values.length;
        const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length;
        return [key, { mean, scale: 1 / Math.sqrt(variance + eps) }];
      }),
    );
    return nd(
      x.shape,
      x.data.map((value, i) => {
        const { mean, scale } = moments.get(groupOf(i)) as { mean: number; scale: number };
        const z = (value - mean) * scale * (gamma.data[i % channels] as number) + (beta.data[i % channels] as number);
        return activation === 'silu' ? z / (1 + Math.exp(-z)) : activation === 'relu' ? Math.max(z, 0) : z;
      }),
    );
  };
}

const op = (options: GroupNormOptions) => (x?: Tensor, gamma?: Tensor, beta?: Tensor) =>
  groupNorm(x as Tensor, gamma as Tensor, beta as Tensor, options);
const law = (name: string, shape: number[], options: GroupNormOptions, gradients = true) =>
  laws(name, {
    inputs: [shape, [shape.at(-1) as number], [shape.at(-1) as number]],
    op: op(options),
    reference: reference(options),
    tolerance: 1e-5,
    gradients,
  });

law('vec4 channels, SiLU', [2, 6, 6, 8], { groups: 4, activation: 'silu' });
law('vec4 channels, ReLU', [2, 6, 6, 8], { groups: 4, activation: 'relu' });
law('odd channels, ReLU', [2, 3, 5, 6], { groups: 3, activation: 'relu' });
law('odd channels', [2, 3, 5, 6], { groups: 3, activation: 'silu' });
law('groups narrower than a vector', [1, 4, 4, 8], { groups: 8 });
law('one group, large enough for slices', [1, 16, 17, 4], { groups: 1, eps: 1e-6 });
law('a whole group to a workgroup', [2, 3, 5, 24], { groups: 3, activation: 'silu' });
law('a whole group of odd channels to a workgroup', [1, 3, 4, 18], { groups: 2 });
law('too large for a workgroup: slices, put together by another', [1, 32, 65, 32], { groups: 1 }, false);
law('no axes between batch and channels', [5, 12], { groups: 2 });

test('any shape and number of groups', async () => {
  const drawn = fc.tuple(
    fc.integer({ min: 1, max: 3 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 5 }),
    fc.boolean(),
  );
  await fc.assert(
    fc.asyncProperty(drawn, async ([pictures, pixels, groups, width, silu]) => {
      fc.pre(pixels * width > 1);
      const options: GroupNormOptions = { groups, eps: 1e-2, ...(silu && { activation: 'silu' as const }) };
      const channels = groups * width;
      await checkLaws({
        inputs: [[pictures, pixels, channels], [channels], [channels]],
        op: op(options),
        reference: reference(options),
        tolerance: 1e-5,
      });
    }),
    { numRuns: 10, seed: 5 },
  );
});

test('a mean of 200 with a deviation of 0.05 keeps its digits', async () => {
  const values = new Rng(2).normals(8 * 8 * 4).map((v) => 200 + 0.05 * v);
  const options = { groups: 1 };
  const want = reference(options)(nd([1, 8, 8, 4], values), nd([4], [1, 1, 1, 1]), nd([4], [0, 0, 0, 0]));
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () =>
      scope(() =>
        groupNorm(tensor(values, [1, 8, 8, 4]), tensor([1, 1, 1, 1], [4]), tensor([0, 0, 0, 0], [4]), options),
      ),
    );
    const got = await y.read();
    // One unit in the last place of 200 is 1.5e-5, or 3e-4 deviations.
    want.data.forEach((value, i) => {
      expect(Math.abs((got[i] as number) - value)).toBeLessThan(1e-3);
    });
  }
});

test('f16 storage, f32 statistics', async () => {
  const { software } = await devices();
  if (!software.info.features.f16) return;
  const options: GroupNormOptions = { groups: 2, activation: 'silu' };
  const inputs = [[1, 4, 4, 8], [8], [8]].map((shape) => ({ shape, dtype: 'f16' as const }));
  await checkLaws({ inputs, op: op(options), reference: reference(options), tolerance: 2e-3 });
});

test('what does not fit is refused', () => {
  scope(() => {
    const x = tensor(new Float32Array(24), [2, 2, 6]);
    const [six, five] = [tensor(new Float32Array(6), [6]), tensor(new Float32Array(5), [5])];
    expect(() => groupNorm(x, six, six, { groups: 4 })).toThrow(
      new ShapeError('groupNorm: 6 channels do not divide into 4 groups (x [2, 2, 6])'),
    );
    expect(() => groupNorm(x, five, six, { groups: 2 })).toThrow(
      'groupNorm: gamma has shape [5], expected [6] (x [2, 2, 6])',
    );
  });
});
