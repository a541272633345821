import { init, mean, Rng, scope, square, sub, type Tensor, tensor, valueAndGrad } from '@diffad/tensor-core';
import { beforeAll, expect, test } from 'vitest';
import {
  Adam,
  AdamW,
  clipGradNorm,
  Dropout,
  Ema,
  Linear,
  loadModule,
  loadSafetensors,
  type Named,
  type Optimizer,
  type Savable,
  Sequential,
  SGD,
  SiLU,
  savable,
  saveSafetensors,
} from '../src/index.ts';

beforeAll(async () => void (await init()));

const makers: Readonly<Record<string, (weights: Named) => Optimizer>> = {
  SGD: (weights) => new SGD(weights, { momentum: 0.9, nesterov: true }),
  Adam: (weights) => new Adam(weights, { weightDecay: 0.1 }),
  AdamW: (weights) => new AdamW(weights),
};

/** A network with its optimiser, average and random numbers. */
class Run {
  readonly rng: Rng;
  readonly net: Sequential;
  readonly optimizer: Optimizer;
  readonly ema: Ema;

  constructor(make: (weights: Named) => Optimizer, seed: number) {
    this.rng = new Rng(seed);
    const { rng } = this;
    this.net = new Sequential(new Linear(3, 8, { rng }), SiLU(), new Dropout(0.3, rng), new Linear(8, 2, { rng }));
    this.optimizer = make(this.net.namedParameters());
    this.ema = new Ema(this.net, 0.9);
  }

  train(steps: number, x: Tensor, y: Tensor): void {
    for (let step = 0; step < steps; step++)
      scope(() => {
        const { grads } = valueAndGrad(this.net.namedParameters(), () => mean(square(sub(this.net.call(x), y))));
        this.optimizer.step(clipGradNorm(grads, 0.5));
        this.ema.update();
      });
  }

  dispose(): void {
    for (const part of [this.net, this.optimizer, this.ema]) part.dispose();
  }
}

const pending = (named: Named, prefix: string): [string, Savable][] =>
  Object.entries(named).map(([name, t]) => [prefix + name, { shape: t.shape, dtype: t.dtype, load: () => t.read() }]);

async function save(run: Run): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const { steps, tensors } = run.optimizer.state();
  const average = run.ema.state();
  await saveSafetensors(
    { write: async (bytes) => void parts.push(bytes.slice()) },
    {
      ...savable(run.net, 'net.'),
      ...Object.fromEntries([...pending(tensors, 'optimizer.'), ...pending(average.tensors, 'ema.')]),
    },
    { position: JSON.stringify({ steps, updates: average.updates, rng: run.rng.state().position }) },
  );
  return new Uint8Array(Buffer.concat(parts));
}

async function load(run: Run, bytes: Uint8Array): Promise<void> {
  const file = await loadSafetensors(bytes);
  const { steps, updates, rng } = JSON.parse(file.metadata.position ?? '') as Record<string, number>;
  const under = (prefix: string): Record<string, ArrayLike<number>> =>
    Object.fromEntries(
      Object.entries(file.tensors)
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), data]),
    );
  const net = Object.entries(file.tensors).filter(([name]) => name.startsWith('net.'));
  loadModule(run.net, { tensors: Object.fromEntries(net) }, 'net.');
  run.optimizer.loadState({ steps: steps as number, tensors: under('optimizer.') });
  run.ema.loadState({ updates: updates as number, tensors: under('ema.') });
  run.rng.seek(rng as number);
}

const bits = async (named: Named): Promise<number[][]> =>
  Promise.all(Object.values(named).map(async (t) => [...new Uint32Array((await t.read()).buffer)]));

for (const [name, make] of Object.entries(makers))
  test(`${name}: saved after 3 steps, loaded elsewhere and trained 4 more gives the bits of 7 steps`, async () => {
    const draw = new Rng(9);
    const x = tensor(draw.normals(12), [4, 3]);
    const y = tensor(draw.normals(8), [4, 2]);
    const whole = new Run(make, 1);
    whole.train(7, x, y);
    const first = new Run(make, 1);
    first.train(3, x, y);
    const second = new Run(make, 1);
    second.net.loadStateDict(await whole.net.stateDict());
    await load(second, await save(first));
    second.train(4, x, y);
    expect(await bits(second.net.namedState())).toEqual(await bits(whole.net.namedState()));
    expect(await bits(second.ema.state().tensors)).toEqual(await bits(whole.ema.state().tensors));
    for (const end of [whole, first, second, x, y]) end.dispose();
  });

test('a state that does not fit is refused whole', async () => {
  const run = new Run(makers.AdamW as (weights: Named) => Optimizer, 1);
  const own = run.optimizer.state().tensors;
  const before = await bits(own);
  const {
    '0.weight.0': lost,
    '3.bias.1': _,
    ...rest
  } = Object.fromEntries(Object.entries(own).map(([name, { size }]) => [name, new Float32Array(size).fill(1)]));
  expect(() => run.optimizer.loadState({ steps: 5, tensors: { ...rest, '3.bias.1': new Float32Array(7) } })).toThrow(
    'AdamW: the saved state lacks 0.weight.0, has 7 numbers for 3.bias.1, expected 2',
  );
  expect(lost).toHaveLength(24);
  expect(run.optimizer.steps).toBe(0);
  expect(await bits(own)).toEqual(before);
  expect(() => run.ema.loadState({ updates: 1, tensors: {} })).toThrow('Ema: the saved state lacks 0.weight');
  run.dispose();
});

const onHost = async (named: Named): Promise<Record<string, ArrayLike<number>>> =>
  Object.fromEntries(await Promise.all(Object.entries(named).map(async ([name, t]) => [name, await t.read()])));

test('counts that are none, and the state of another optimiser, are refused', async () => {
  const run = new Run(makers.Adam as (weights: Named) => Optimizer, 1);
  const [tensors, average] = [await onHost(run.optimizer.state().tensors), await onHost(run.ema.state().tensors)];
  for (const steps of [undefined, Number.NaN, -1, 1.5] as number[]) {
    expect(() => run.optimizer.loadState({ steps, tensors })).toThrow(
      `Adam: the saved state has ${steps} steps, expected an integer of at least 0`,
    );
    expect(() => run.ema.loadState({ updates: steps, tensors: average })).toThrow(
      `Ema: the saved state has ${steps} up`,
    );
  }
  using other = new SGD(run.net.namedParameters(), { momentum: 0.9 });
  expect(() => other.loadState({ steps: 1, tensors })).toThrow(
    'SGD: the saved state has 0.weight.1, 0.bias.1, 3.weight.1, 3.bias.1, of another optimiser or other parameters',
  );
  run.dispose();
});
