import { expect, test } from 'vitest';
import {
  add,
  argmax,
  full,
  gather,
  groupNorm,
  maxPool2d,
  mean,
  ones,
  permute,
  Rng,
  randn,
  reshape,
  scope,
  slice,
  softmax,
  square,
  sum,
  type Tensor,
  tensor,
  withDevice,
  zeros,
} from '../src/index.ts';
import { devices } from './devices.ts';

/** With one invocation an element and 64 of them a workgroup, more than one row of 65,535 workgroups. */
const ROWS = 1_400_051;
const COLUMNS = 3;
const numbers = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => i);

const cases: Record<string, { op: (x: Tensor) => Tensor; expected: (i: number) => number }> = {
  'a map with broadcasting': {
    op: (x) => add(x, tensor([0, 10, 20], [COLUMNS])),
    expected: (i) => i + 10 * (i % COLUMNS),
  },
  permute: {
    op: (x) => permute(x, [1, 0]),
    expected: (i) => (i % ROWS) * COLUMNS + Math.floor(i / ROWS),
  },
  slice: {
    op: (x) => slice(x, [1], [ROWS]),
    expected: (i) => i + COLUMNS,
  },
  gather: {
    op: (x) => gather(x, tensor([2, 0, 1], [3], 'i32'), 1),
    expected: (i) => i - (i % COLUMNS) + ([2, 0, 1][i % COLUMNS] as number),
  },
  sum: {
    op: (x) => sum(reshape(x, [ROWS, COLUMNS, 1]), { axes: [2] }),
    expected: (i) => i,
  },
  softmax: {
    op: (x) => softmax(reshape(x, [ROWS, COLUMNS, 1]), 2),
    expected: () => 1,
  },
  maxPool2d: {
    op: (x) => maxPool2d(reshape(x, [1, ROWS, COLUMNS, 1]), { size: 1 }),
    expected: (i) => i,
  },
  argmax: {
    op: (x) => argmax(reshape(x, [ROWS, COLUMNS, 1]), 2),
    expected: () => 0,
  },
};

for (const [name, { op, expected }] of Object.entries(cases))
  test(`${name}, past 65,535 workgroups`, async () => {
    for (const [variant, device] of Object.entries(await devices())) {
      using y = withDevice(device, () => scope(() => op(tensor(numbers, [ROWS, COLUMNS]))));
      const values = await y.read();
      const wrong = values.findIndex((value, i) => value !== expected(i));
      expect({ variant, wrong }).toEqual({ variant, wrong: -1 });
    }
  });

test('sums and norms of more elements than a slice number times a length can count', async () => {
  const length = 2 ** 21 + 3;
  for (const [variant, device] of Object.entries(await devices())) {
    const [total, spread] = withDevice(device, () =>
      scope(() => {
        const noise = add(randn([1, 2 ** 20, 4], new Rng(1)), 5);
        const normal = groupNorm(noise, ones([4]), zeros([4]), { groups: 1 });
        return [sum(ones([length])), mean(square(normal))];
      }),
    ) as [Tensor, Tensor];
    expect({ variant, total: await total.item() }).toEqual({ variant, total: length });
    expect(await spread.item()).toBeCloseTo(1, 3);
    total.dispose();
    spread.dispose();
  }
});

test('a long sum does not drift: what each invocation adds up is bounded', async () => {
  const exact = Math.fround(0.1) * 2 ** 21;
  for (const [variant, device] of Object.entries(await devices()))
    for (const shape of [[2 ** 21], [2 ** 21, 2]]) {
      using totals = withDevice(device, () => scope(() => sum(full(shape, 0.1), { axes: [0] })));
      const errors = Array.from(await totals.read(), (value) => Math.abs(value / exact - 1));
      expect(Math.max(...errors), `${variant}, [${shape}]`).toBeLessThan(2e-5);
    }
});
