import { mul, persist, Rng, randn, scope, slice, sub, type Tensor, tensor, zeros } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { diffusionLoss } from '../../src/diffusion/loss.ts';
import { velocity } from '../../src/diffusion/q-sample.ts';
import { ddim, ddpm, diffusionSchedule, qSample, timesteps } from '../../src/index.ts';
import { relativeError } from '../relative-error.ts';

const schedule = diffusionSchedule();
const SHAPE = [2, 2, 2, 4];

/** The network that knows the picture: its noise, or its velocity, at any t. */
const oracle =
  (x: Tensor, prediction: 'epsilon' | 'v') =>
  (z: Tensor, t: number): Tensor => {
    const [s, n] = [schedule.signal[t] as number, schedule.noise[t] as number];
    const noise = mul(sub(z, mul(x, s)), 1 / n);
    return prediction === 'epsilon' ? noise : sub(mul(noise, s), mul(x, n));
  };

async function numbers(make: () => Tensor): Promise<ArrayLike<number>> {
  using result = scope(make);
  return result.read();
}

test.each(['epsilon', 'v'] as const)('samplers with a perfect %s network give back the picture', async (prediction) => {
  using x = randn(SHAPE, new Rng(1));
  using noise = randn(SHAPE, new Rng(2));
  const truth = await x.read();
  const denoise = oracle(x, prediction);
  for (const S of [1, 5, 7])
    for (const eta of [0, 1]) {
      const steps = timesteps(S, { total: 1000, spacing: 'linspace' });
      const rng = new Rng(3);
      const found = await numbers(() => ddim({ schedule, prediction, denoise, noise, steps, eta, rng }));
      // The last step stops at t = 0, where 0.039 of noise is left; float32 errors grow by 1 / √ᾱ.
      expect(relativeError(found, truth), `S ${S}, eta ${eta}`).toBeLessThan(0.08);
    }
  const found = await numbers(() => ddpm({ schedule, prediction, denoise, noise, rng: new Rng(4), from: 40 }));
  expect(relativeError(found, truth)).toBeLessThan(1e-3);
});

test('sampling is shown step by step and repeats itself', async () => {
  using noise = randn(SHAPE, new Rng(2));
  const seen: number[] = [];
  const run = () =>
    ddim({
      schedule,
      noise,
      denoise: (z) => mul(z, 0.5),
      steps: [1, 201, 401],
      onStep: ({ index, timestep, latents }) => seen.push(index, timestep, latents.size),
    });
  const [first, second] = [await numbers(run), await numbers(run)];
  expect([...Array.from(first)]).toEqual([...Array.from(second)]);
  expect(seen.slice(0, 9)).toEqual([0, 401, 32, 1, 201, 32, 2, 1, 32]);
  expect(() => ddim({ schedule, noise, denoise: (z) => z, steps: [1], eta: 0.5 })).toThrow('eta 0.5 draws noise');
});

test('pictures are diffused each to their own timestep', async () => {
  using x = randn(SHAPE, new Rng(1));
  using noise = randn(SHAPE, new Rng(2));
  const [a, n] = [await x.read(), await noise.read()];
  const times = [7, 801];
  const at = (values: Float64Array, i: number): number => values[times[Math.floor(i / 16)] as number] as number;
  const expected = Array.from(a, (v, i) => at(schedule.signal, i) * v + at(schedule.noise, i) * (n[i] as number));
  expect(relativeError(await numbers(() => qSample(schedule, x, times, noise)), expected)).toBeLessThan(1e-6);
  const speed = Array.from(a, (v, i) => at(schedule.signal, i) * (n[i] as number) - at(schedule.noise, i) * v);
  expect(relativeError(await numbers(() => velocity(schedule, x, times, noise)), speed)).toBeLessThan(1e-6);
});

test('the condition is noised to timesteps of its own, at most the one allowed; clean it stays as it is', async () => {
  using latents = zeros([64, 1, 1, 4]);
  using condition = tensor(new Float32Array(256).fill(1), [64, 1, 1, 4]);
  const seenBy = async (conditionNoiseMax: number): Promise<{ seen: ArrayLike<number>; times: number[] }> => {
    let times: number[] = [];
    const seen = await numbers(() => {
      let half: Tensor | undefined;
      diffusionLoss({
        schedule,
        prediction: 'epsilon',
        latents,
        condition,
        conditionNoiseMax,
        rng: new Rng(5),
        network: (x, t) => {
          times = Array.from(t);
          half = persist(slice(x, [0, 0, 0, 4], x.shape));
          return mul(slice(x, [0, 0, 0, 0], [64, 1, 1, 4]), 1);
        },
      });
      return half as unknown as Tensor;
    });
    return { seen, times };
  };
  const clean = await seenBy(0);
  expect(Array.from(clean.seen).every((value) => value === 1)).toBe(true);
  expect(Math.max(...clean.times)).toBeGreaterThan(900);
  const noisy = await seenBy(20);
  const spread = Math.sqrt(Array.from(noisy.seen).reduce((sum, v) => sum + (v - 1) ** 2, 0) / 256);
  expect(spread).toBeGreaterThan(0.05);
  expect(spread).toBeLessThan(schedule.noise[21] as number);
});

test('a network that predicts nothing has the loss of the noise itself', async () => {
  using latents = randn([256, 1, 1, 4], new Rng(1));
  for (const prediction of ['epsilon', 'v'] as const) {
    using loss = scope(() =>
      diffusionLoss({
        schedule,
        prediction,
        network: (x) => mul(x, 0),
        latents,
        conditionNoiseMax: 0,
        rng: new Rng(2),
      }),
    );
    expect(await loss.item()).toBeCloseTo(1, 0);
  }
});

test('no timestep below the lowest is trained', () => {
  using latents = zeros([256, 1, 1, 4]);
  let times: number[] = [];
  const network = (x: Tensor, t: ArrayLike<number>): Tensor => {
    times = Array.from(t);
    return mul(x, 0);
  };
  const rng = new Rng(3);
  scope(() =>
    diffusionLoss({ schedule, prediction: 'v', network, latents, conditionNoiseMax: 0, lowest: 300, rng }),
  ).dispose();
  expect(Math.min(...times)).toBeGreaterThanOrEqual(300);
  expect(Math.min(...times)).toBeLessThan(320);
  expect(Math.max(...times)).toBeGreaterThan(980);
});

test('errors count by their weights', async () => {
  using latents = randn([64, 2, 2, 4], new Rng(1));
  const loss = async (weights?: Tensor) => {
    using value = scope(() =>
      diffusionLoss({
        schedule,
        prediction: 'v',
        network: (x) => mul(x, 0),
        latents,
        conditionNoiseMax: 0,
        rng: new Rng(2),
        ...(weights && { weights }),
      }),
    );
    return value.item();
  };
  const left = Array.from({ length: 64 * 4 }, (_, i) => (i % 2 === 0 ? 2 : 0));
  using even = tensor(Float32Array.from(left), [64, 2, 2, 1]);
  using odd = tensor(
    Float32Array.from(left, (weight) => 2 - weight),
    [64, 2, 2, 1],
  );
  const [all, evens, odds] = [await loss(), await loss(even), await loss(odd)];
  expect((evens + odds) / 2).toBeCloseTo(all, 4);
  expect(evens).not.toBeCloseTo(odds, 3);
});
