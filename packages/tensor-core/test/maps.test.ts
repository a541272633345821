import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as core from '../src/index.ts';
import { scope, type Tensor, tensor, withDevice } from '../src/index.ts';
import { broadcastShapes, broadcastStrides, stridesOf } from '../src/shape.ts';
import { devices } from './devices.ts';
import { checkLaws, type NdArray, nd } from './laws.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Φ(x) by its Taylor series: exact to float64 for the values drawn here. */
function normalCdf(x: number): number {
  let term = x;
  let series = x;
  for (let k = 1; k < 200; k++) {
    term *= (x * x) / (2 * k + 1);
    series += term;
  }
  return 0.5 + series * Math.exp((-x * x) / 2) * Math.sqrt(1 / (2 * Math.PI));
}

const unary: Record<string, { op: (x: Tensor) => Tensor; f: (x: number) => number; positive?: boolean }> = {
  neg: { op: core.neg, f: (x) => -x },
  abs: { op: core.abs, f: Math.abs },
  exp: { op: core.exp, f: Math.exp },
  log: { op: core.log, f: Math.log, positive: true },
  sqrt: { op: core.sqrt, f: Math.sqrt, positive: true },
  rsqrt: { op: core.rsqrt, f: (x) => 1 / Math.sqrt(x), positive: true },
  square: { op: core.square, f: (x) => x * x },
  sin: { op: core.sin, f: Math.sin },
  cos: { op: core.cos, f: Math.cos },
  tanh: { op: core.tanh, f: Math.tanh },
  sigmoid: { op: core.sigmoid, f: sigmoid },
  silu: { op: core.silu, f: (x) => x * sigmoid(x) },
  relu: { op: core.relu, f: (x) => Math.max(x, 0) },
  leakyRelu: { op: (x) => core.leakyRelu(x, 0.2), f: (x) => (x > 0 ? x : 0.2 * x) },
  gelu: { op: core.gelu, f: (x) => x * normalCdf(x) },
  softplus: { op: core.softplus, f: (x) => Math.log1p(Math.exp(x)) },
  clamp: { op: (x) => core.clamp(x, -0.5, 0.8), f: (x) => Math.min(Math.max(x, -0.5), 0.8) },
};

for (const [name, { op, f, positive }] of Object.entries(unary))
  test(`${name}: value and slope, lengths that are and are not multiples of four`, async () => {
    for (const n of [1, 8, 13]) {
      // Away from the kinks of abs, relu and clamp, where a difference quotient means nothing.
      const values = new core.Rng(n).normals(n).map((v) => (positive ? 0.1 + Math.abs(v) : v + Math.sign(v) * 0.01));
      await checkLaws({
        inputs: [{ shape: [n], values }],
        op: (x) => op(x as Tensor),
        reference: (x) => nd(x.shape, x.data.map(f)),
        tolerance: 2e-6,
        gradientTolerance: 1e-5,
      });
    }
  });

/** Applies f to broadcast operands, in float64. */
function broadcast(f: (a: number, b: number) => number): (a: NdArray, b: NdArray) => NdArray {
  return (a, b) => {
    const shape = broadcastShapes('reference', a.shape, b.shape);
    const strides = stridesOf(shape);
    const y = nd(shape, new Float64Array(shape.reduce((p, q) => p * q, 1)));
    const read = (x: NdArray, i: number): number => {
      const own = broadcastStrides(x.shape, shape);
      return x.data[
        shape.reduce(
          (at, extent, axis) => at + (Math.floor(i / (strides[axis] as number)) % extent) * (own[axis] as number),
          0,
        )
      ] as number;
    };
    for (let i = 0; i < y.data.length; i++) y.data[i] = f(read(a, i), read(b, i));
    return y;
  };
}

const binary: Record<
  string,
  {
    op: (a: Tensor | number, b: Tensor | number) => Tensor;
    f: (a: number, b: number) => number;
    positive?: boolean;
    flat?: boolean;
  }
> = {
  add: { op: core.add, f: (a, b) => a + b },
  sub: { op: core.sub, f: (a, b) => a - b },
  mul: { op: core.mul, f: (a, b) => a * b },
  div: { op: core.div, f: (a, b) => a / b, positive: true },
  maximum: { op: core.maximum, f: Math.max },
  minimum: { op: core.minimum, f: Math.min },
  pow: { op: core.pow, f: (a, b) => a ** b, positive: true },
  greater: { op: core.greater, f: (a, b) => Number(a > b), flat: true },
  less: { op: core.less, f: (a, b) => Number(a < b), flat: true },
  equal: { op: core.equal, f: (a, b) => Number(a === b), flat: true },
};

const shapes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 0, maxLength: 4 }).chain((shape) =>
  fc
    .tuple(
      fc.constant(shape),
      fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
      fc.nat(shape.length),
    )
    .map(([full, ones, drop]) => ({
      full,
      part: full.map((extent, axis) => (ones[axis] ? 1 : extent)).slice(drop),
    })),
);

for (const [name, { op, f, positive, flat }] of Object.entries(binary)) {
  test(`${name} broadcasts over any shapes, with its gradients`, async () => {
    await fc.assert(
      fc.asyncProperty(shapes, fc.boolean(), async ({ full, part }, swap) => {
        const inputs = [full, part].map((shape, i) => {
          const values = new core.Rng(i + 1).normals(shape.reduce((a, b) => a * b, 1));
          return { shape, values: positive ? values.map((v) => 0.5 + Math.abs(v)) : values };
        });
        if (swap) inputs.reverse();
        await checkLaws({
          inputs,
          op: (a, b) => op(a as Tensor, b as Tensor),
          reference: broadcast(f),
          gradients: !flat,
          tolerance: 1e-5,
        });
      }),
      { numRuns: 8, seed: 4 },
    );
  });

  test(`${name} takes a number on either side`, async () => {
    const input = [{ shape: [5], values: [0.5, 1.5, 2, 2.5, 3] }];
    await checkLaws({
      inputs: input,
      op: (x) => op(x as Tensor, 2),
      reference: (x) =>
        nd(
          x.shape,
          x.data.map((v) => f(v, 2)),
        ),
      gradients: !flat && !name.includes('imum'),
      tolerance: 1e-5,
    });
    await checkLaws({
      inputs: input,
      op: (x) => op(2, x as Tensor),
      reference: (x) =>
        nd(
          x.shape,
          x.data.map((v) => f(2, v)),
        ),
      gradients: !flat && !name.includes('imum'),
      tolerance: 1e-5,
    });
  });
}

test('rank six, broadcast along every other axis', () =>
  checkLaws({
    inputs: [
      [2, 1, 3, 1, 2, 1],
      [1, 3, 1, 2, 1, 3],
    ],
    op: (a, b) => core.mul(a as Tensor, b as Tensor),
    reference: broadcast((a, b) => a * b),
    tolerance: 1e-5,
  }));

const onEach = async (fn: () => Tensor, check: (values: number[]) => void): Promise<void> => {
  for (const device of Object.values(await devices())) {
    using y = withDevice(device, () => scope(fn));
    check(Array.from(await y.read()));
  }
};

const [nan, inf] = [Number.NaN, Number.POSITIVE_INFINITY];
const odd = () => tensor([nan, inf, -inf, 200, -200], [5]);
const tiny = expect.closeTo(0, 30);

test.each<[name: string, fn: () => Tensor, expected: unknown[]]>([
  ['relu', () => core.relu(odd()), [nan, inf, 0, 200, 0]],
  ['clamp', () => core.clamp(odd(), -1, 1), [nan, 1, -1, 1, -1]],
  ['tanh', () => core.tanh(odd()), [nan, 1, -1, 1, -1]],
  ['sigmoid', () => core.sigmoid(odd()), [nan, 1, 0, 1, tiny]],
  ['softplus', () => core.softplus(odd()), [nan, inf, 0, 200, tiny]],
  ['maximum', () => core.maximum(odd(), 0), [nan, inf, 0, 200, 0]],
  ['minimum', () => core.minimum(0, odd()), [nan, 0, -inf, 0, -200]],
  [
    'pow',
    () => core.pow(tensor([-2, -2, -8, 0, 5], [5]), tensor([2, 3, 1 / 3, 0, 0], [5])),
    [expect.closeTo(4, 4), expect.closeTo(-8, 4), nan, 1, 1],
  ],
])('%s of NaN, infinities and overflow is as in PyTorch', (_, fn, expected) =>
  onEach(fn, (y) => expect(y).toEqual(expected)),
);

test('integers are computed as integers', async () => {
  await onEach(
    () => core.mul(tensor([16777217, -3], [2], 'i32'), 3),
    (y) => expect(y).toEqual([50331651, -9]),
  );
  await onEach(
    () => core.add(tensor([4294967290], [1], 'u32'), 5),
    (y) => expect(y).toEqual([4294967295]),
  );
  await onEach(
    () => core.add(tensor([5, 0], [2], 'u32'), -1),
    (y) => expect(y).toEqual([4, 4294967295]),
  );
});

test('integers are made and padded with exactly the number given, which wraps in u32, or it is refused', async () => {
  const numbers = [0, -1, 0.5, 16_777_217, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, -(2 ** 31) - 1, Number.NaN];
  for (const dtype of ['i32', 'u32'] as const)
    for (const number of numbers) {
      const makers = {
        full: () => core.full([1], number, dtype),
        tensor: () => tensor([number], [1], dtype),
        pad: () => core.slice(core.pad(core.zeros([1], dtype), [[0, 1]], number), [1], [2]),
      };
      const fits = number === (number | 0) || (dtype === 'u32' && number === number >>> 0);
      for (const [op, make] of Object.entries(makers))
        if (fits) {
          using x = scope(make);
          expect([dtype, op, await x.item()]).toEqual([dtype, op, dtype === 'u32' ? number >>> 0 : number]);
        } else expect(() => scope(make)).toThrow(`${op}: the number ${number} does not fit ${dtype} (shape [1]); `);
    }
});

test('what does not fit is refused', () => {
  scope(() => {
    const f = tensor([1, 2], [2]);
    const i = tensor([1, 2], [2], 'i32');
    expect(() => core.add(f, i)).toThrow(
      new core.DTypeError('add: f32 with i32 (shapes [2] and [2]); cast one of them'),
    );
    expect(() => core.exp(i)).toThrow("exp: x is i32, expected f32 or f16; convert it with cast(x, 'f32')");
    expect(() => core.mul(f, tensor([1, 2, 3], [3]))).toThrow(
      'mul: shapes [2] and [3] do not broadcast: 2 against 3 at axis -1',
    );
    for (const odd of [0.5, 2 ** 31, 2 ** 32, -(2 ** 31) - 1, Number.NaN])
      expect(() => core.mul(odd, i)).toThrow(
        new core.DTypeError(`mul: the number ${odd} does not fit i32 (shape [2]); cast the tensor first`),
      );
    expect(() => core.greater(i, 0.5)).toThrow('greater: the number 0.5 does not fit i32');
    expect(() => core.where(i, i, 0.5)).toThrow('where: the number 0.5 does not fit i32');
    expect(() => core.maximum(i, 1)).toThrow('maximum: i32 operands, expected f32 or f16');
  });
});
