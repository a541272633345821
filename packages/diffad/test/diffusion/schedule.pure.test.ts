import fc from 'fast-check';
import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import type { DiffADConfig } from '../../src/config/schema.ts';
import { ddimCoefficients } from '../../src/diffusion/samplers/coefficients.ts';
import { ddpmCoefficients } from '../../src/diffusion/samplers/ddpm.ts';
import { diffusionSchedule } from '../../src/diffusion/schedule.ts';
import { timesteps } from '../../src/diffusion/timesteps.ts';

const schedule = diffusionSchedule((presets.paper as DiffADConfig).diffusion);

/** t, ᾱ, √ᾱ, √(1 − ᾱ) of the reference. */
const published = [
  [0, 0.9985, 0.99925, 0.03873],
  [1, 0.99699429, 0.998496, 0.054824],
  [100, 0.82244146, 0.906886, 0.421377],
  [201, 0.6101196, 0.781102, 0.624404],
  [400, 0.23005268, 0.479638, 0.877466],
  [401, 0.22858217, 0.478103, 0.878304],
  [500, 0.11123259, 0.333516, 0.942745],
  [601, 0.04416173, 0.210147, 0.97767],
  [800, 0.00375464, 0.061275, 0.998121],
  [801, 0.00369961, 0.060824, 0.998148],
  [901, 0.00074106, 0.027222, 0.999629],
  [981, 0.00016816, 0.012968, 0.999916],
  [999, 0.00011742, 0.010836, 0.999941],
] as const;

test.each(published)('schedule at t = %i', (t, product, signal, noise) => {
  expect(schedule.alphasCumprod[t]).toBeCloseTo(product, 8);
  expect(schedule.signal[t]).toBeCloseTo(signal, 6);
  expect(schedule.noise[t]).toBeCloseTo(noise, 6);
});

test('signal and noise keep the variance at one, signal falls', () => {
  for (let t = 0; t < schedule.steps; t++) {
    expect((schedule.signal[t] as number) ** 2 + (schedule.noise[t] as number) ** 2).toBeCloseTo(1, 12);
    if (t > 0) expect(schedule.signal[t]).toBeLessThan(schedule.signal[t - 1] as number);
  }
});

test('a schedule that is none is refused', () => {
  expect(() => diffusionSchedule({ steps: 1, betaStart: 0.1, betaEnd: 0.2 })).toThrow('integer >= 2, got 1');
  expect(() => diffusionSchedule({ steps: 10, betaStart: 0.3, betaEnd: 0.2 })).toThrow('got 0.3 and 0.2');
});

test('the paper’s timesteps', () => {
  const total = 1000;
  expect(timesteps(5, { total })).toEqual([1, 201, 401, 601, 801]);
  expect(timesteps(10, { total })).toEqual([1, 101, 201, 301, 401, 501, 601, 701, 801, 901]);
  expect(timesteps(20, { total }).at(-1)).toBe(951);
  expect(timesteps(50, { total }).at(-1)).toBe(981);
  expect(timesteps(5, { total, spacing: 'linspace' })).toEqual([1, 251, 500, 750, 999]);
  expect(timesteps(5, { total, last: 801 })).toEqual([1, 201, 401, 601, 801]);
  expect(timesteps(1, { total })).toEqual([999]);
  expect(timesteps(5, { total, lowest: 301 })).toEqual([301, 441, 581, 721, 861]);
});

test('every number of steps gives as many ascending timesteps inside the schedule', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.constantFrom('ldm' as const, 'linspace' as const),
      (S, spacing) => {
        const visited = timesteps(S, { total: 1000, spacing });
        expect(visited.length).toBeLessThanOrEqual(S);
        if (S < 500) expect(visited).toHaveLength(S);
        expect(visited[0]).toBeGreaterThanOrEqual(1);
        expect(visited.at(-1)).toBeLessThan(1000);
        for (let k = 1; k < visited.length; k++) expect(visited[k]).toBeGreaterThan(visited[k - 1] as number);
      },
    ),
  );
});

test('sampling that starts at t ends its grid at t, and none is below the lowest', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 100, max: 999 }),
      fc.integer({ min: 0, max: 100 }),
      fc.constantFrom('ldm' as const, 'linspace' as const),
      (S, last, lowest, spacing) => {
        const visited = timesteps(S, { total: 1000, spacing, lowest, last });
        expect(visited.at(-1)).toBe(last);
        expect(visited[0]).toBeGreaterThanOrEqual(Math.max(1, lowest));
        expect(visited.length).toBeLessThanOrEqual(S);
        for (let k = 1; k < visited.length; k++) expect(visited[k]).toBeGreaterThan(visited[k - 1] as number);
      },
    ),
  );
});

test('steps that are none are refused with both numbers', () => {
  expect(() => timesteps(0, { total: 1000 })).toThrow('integer in [1, 1000], got 0');
  expect(() => timesteps(1001, { total: 1000 })).toThrow('got 1001');
  expect(() => timesteps(2.5, { total: 1000 })).toThrow('got 2.5');
  expect(() => timesteps(702, { total: 1000, lowest: 300 })).toThrow('integer in [1, 701], got 702');
  expect(() => timesteps(5, { total: 1000, last: 1000 })).toThrow('integer in [1, 999], got 1000');
  expect(() => timesteps(5, { total: 1000, lowest: 300, last: 299 })).toThrow('integer in [300, 999], got 299');
  expect(() => timesteps(5, { total: 1000, lowest: 1000 })).toThrow('integer in [0, 999], got 1000');
});

/** τ, A, B of the reference at five steps. */
const fiveSteps = [
  [801, 601, 3.454976, -2.470909],
  [601, 401, 2.275088, -1.345981],
  [401, 201, 1.633753, -0.810527],
  [201, 1, 1.278318, -0.743362],
  [1, 0, 1.000755, -0.016136],
] as const;

test.each(fiveSteps)('DDIM from %i to %i', (t, previous, latent, output) => {
  const c = ddimCoefficients(schedule, t, previous, 'epsilon');
  expect(c.latent).toBeCloseTo(latent, 6);
  expect(c.output).toBeCloseTo(output, 6);
  expect(c.sigma).toBe(0);
});

const time = fc.integer({ min: 1, max: 999 });
const number = fc.double({ min: -3, max: 3, noNaN: true });

test('a step with the true noise lands on the same picture, less noisy; epsilon and v agree', () => {
  fc.assert(
    fc.property(time, time, number, number, (a, b, x, noise) => {
      const [t, previous] = [Math.max(a, b), Math.min(a, b)];
      const [s, n] = [schedule.signal[t] as number, schedule.noise[t] as number];
      const z = s * x + n * noise;
      const expected = (schedule.signal[previous] as number) * x + (schedule.noise[previous] as number) * noise;
      const byEpsilon = ddimCoefficients(schedule, t, previous, 'epsilon');
      const byVelocity = ddimCoefficients(schedule, t, previous, 'v');
      expect(byEpsilon.latent * z + byEpsilon.output * noise).toBeCloseTo(expected, 8);
      expect(byVelocity.latent * z + byVelocity.output * (s * noise - n * x)).toBeCloseTo(expected, 8);
    }),
  );
});

test('DDIM with eta 1 over every timestep is DDPM', () => {
  for (const t of [1, 2, 50, 500, 999])
    for (const prediction of ['epsilon', 'v'] as const) {
      const ddim = ddimCoefficients(schedule, t, t - 1, prediction, 1);
      const ddpm = ddpmCoefficients(schedule, t, prediction);
      for (const key of ['latent', 'output', 'sigma'] as const) expect(ddim[key]).toBeCloseTo(ddpm[key], 10);
    }
});

test('the last DDPM step keeps what the network says of the picture', () => {
  const { latent, output, sigma } = ddpmCoefficients(schedule, 0, 'epsilon');
  const [s, n] = [schedule.signal[0] as number, schedule.noise[0] as number];
  expect(latent * (s * 0.7 + n * 1.3) + output * 1.3).toBeCloseTo(0.7, 10);
  expect(sigma).toBe(0);
});
