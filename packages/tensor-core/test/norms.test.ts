import { expect, test } from 'vitest';
import {
  batchNorm,
  checkpoint,
  layerNorm,
  ones,
  Rng,
  relu,
  scope,
  silu,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  withDevice,
  zeros,
} from '../src/index.ts';
import { devices } from './devices.ts';
import { laws, type NdArray, nd } from './laws.ts';

/** Normalises every list of places in x, in float64; `listOf` names the list a place belongs to. */
function normalised(x: NdArray, gamma: NdArray, beta: NdArray, listOf: (i: number) => number, eps: number): NdArray {
  const channels = gamma.data.length;
  const lists = new Map<number, number[]>();
  x.data.forEach((value, i) => {
    lists.set(listOf(i), [...(lists.get(listOf(i)) ?? []), value]);
  });
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const moments = new Map(
    [...lists].map(([key, list]) => [key, [mean(list), mean(list.map((v) => (v - mean(list)) ** 2))] as const]),
  );
  return nd(
    x.shape,
    x.data.map((value, i) => {
      const [center, variance] = moments.get(listOf(i)) as readonly [number, number];
      return (
        ((value - center) / Math.sqrt(variance + eps)) * (gamma.data[i % channels] as number) +
        (beta.data[i % channels] as number)
      );
    }),
  );
}

for (const shape of [
  [3, 2, 8],
  [5, 7],
  [3, 80],
  [150, 5],
])
  laws(`layerNorm of [${shape}]`, {
    inputs: [shape, [shape.at(-1) as number], [shape.at(-1) as number]],
    op: (x, gamma, beta) => layerNorm(x as Tensor, gamma as Tensor, beta as Tensor),
    reference: (x, gamma, beta) =>
      normalised(x, gamma, beta as NdArray, (i) => Math.floor(i / (shape.at(-1) as number)), 1e-5),
    tolerance: 1e-5,
  });

const activations = {
  none: (z: number) => z,
  relu: (z: number) => Math.max(z, 0),
  silu: (z: number) => z / (1 + Math.exp(-z)),
};

for (const [channels, name] of [
  [8, 'none'],
  [3, 'none'],
  [8, 'relu'],
  [3, 'relu'],
  [8, 'silu'],
] as const)
  laws(`batchNorm in training, ${channels} channels, ${name} after it`, {
    inputs: [[3, 4, 5, channels], [channels], [channels]],
    op: (x, gamma, beta) =>
      batchNorm(x as Tensor, gamma as Tensor, beta as Tensor, {
        mean: zeros([channels]),
        variance: ones([channels]),
        training: true,
        activation: name,
      }),
    reference: (x, gamma, beta) => {
      const z = normalised(x, gamma, beta as NdArray, (i) => i % channels, 1e-5);
      return nd(z.shape, z.data.map(activations[name]));
    },
    tolerance: 1e-5,
  });

test.each([true, false])(
  'the activation of batchNorm is that of its own op, NaN too; training: %s',
  async (training) => {
    const values = new Rng(3).normals(48);
    values[7] = Number.NaN;
    for (const device of Object.values(await devices()))
      for (const [activation, act] of Object.entries({ relu, silu }) as ['relu' | 'silu', (x: Tensor) => Tensor][]) {
        const [fused, apart] = withDevice(device, () =>
          scope(() => {
            const norm = (more: object) =>
              batchNorm(tensor(values, [3, 2, 2, 4]), ones([4]), zeros([4]), {
                ...{ mean: zeros([4]), variance: ones([4]), training },
                ...more,
              });
            return [norm({ activation }), act(norm({}))];
          }),
        ) as [Tensor, Tensor];
        const [got, want] = [await fused.read(), await apart.read()];
        expect([...want].filter(Number.isNaN).length).toBe(training ? 12 : 1);
        expect(got).toEqual(want);
        fused.dispose();
        apart.dispose();
      }
  },
);

laws('batchNorm in evaluation uses the running statistics', {
  inputs: [[4, 3], [3], [3]],
  op: (x, gamma, beta) =>
    batchNorm(x as Tensor, gamma as Tensor, beta as Tensor, {
      mean: tensor([1, 2, 3], [3]),
      variance: tensor([4, 1, 0.25], [3]),
      training: false,
    }),
  reference: (x, gamma, beta) =>
    nd(
      x.shape,
      x.data.map(
        (v, i) =>
          ((v - (i % 3) - 1) / Math.sqrt(([4, 1, 0.25][i % 3] as number) + 1e-5)) * (gamma.data[i % 3] as number) +
          ((beta as NdArray).data[i % 3] as number),
      ),
    ),
  tolerance: 1e-5,
});

test('the running statistics take the batch mean and the unbiased variance', async () => {
  const values = new Rng(8).normals(20).map((v) => 3 + 2 * v);
  const mean = values.reduce((a, b) => a + b) / 20;
  const unbiased = values.reduce((a, b) => a + (b - mean) ** 2, 0) / 19;
  for (const device of Object.values(await devices())) {
    const [m, v] = withDevice(device, () => [zeros([1]), ones([1])] as const);
    withDevice(device, () =>
      scope(
        () =>
          void batchNorm(tensor(values, [20, 1]), ones([1]), zeros([1]), {
            mean: m,
            variance: v,
            momentum: 0.25,
            training: true,
          }),
      ),
    );
    expect(await m.item()).toBeCloseTo(0.25 * mean, 5);
    expect(await v.item()).toBeCloseTo(0.75 + 0.25 * unbiased, 4);
    m.dispose();
    v.dispose();
  }
});

test.each([1, 2])('a checkpoint, %i deep, updates the running statistics once', async (depth) => {
  const trained = async (part: typeof checkpoint): Promise<number[]> => {
    using m = zeros([3]);
    using v = ones([3]);
    using x = scope(() => tensor(new Rng(4).normals(24), [8, 3]));
    const norm = (h: Tensor): Tensor => batchNorm(h, ones([3]), zeros([3]), { mean: m, variance: v, training: true });
    let fn = norm;
    for (let level = 0; level < depth; level++) {
      const inner = fn;
      fn = (h) => part((k) => norm(inner(k)), h);
    }
    const { value, grads } = valueAndGrad([x], () => sum(fn(x)));
    for (const t of [value, ...grads]) t.dispose();
    return [...(await m.read()), ...(await v.read())];
  };
  expect(await trained(checkpoint)).toEqual(await trained((fn, ...inputs) => fn(...inputs)));
});

test('one value per channel cannot be normalised', () => {
  scope(() => {
    const options = { mean: zeros([2]), variance: ones([2]), training: true };
    expect(() => batchNorm(ones([1, 2]), ones([2]), zeros([2]), options)).toThrow(
      'batchNorm: training needs more than one value per channel (x [1, 2])',
    );
  });
});

test('layer norm of integers is refused', () => {
  scope(() => {
    const x = tensor([1, 2], [2], 'i32');
    expect(() => layerNorm(x, x, x)).toThrow(
      "layerNorm: x is i32, expected f32 or f16; convert it with cast(x, 'f32')",
    );
  });
});
