import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { ConfigError, parseConfig, resolveConfig } from '../../src/config/resolve.ts';
import { timestepsOf } from '../../src/config/timesteps-of.ts';

test('every preset is a valid configuration and survives JSON', () => {
  for (const [name, preset] of Object.entries(presets)) {
    expect(resolveConfig({ preset: name })).toEqual(preset);
    expect(parseConfig(JSON.parse(JSON.stringify(preset)), name)).toEqual(preset);
  }
});

test('the paper preset has the published values', () => {
  const { size, channelOrder, diffusion, sampling, training, simulation } = resolveConfig({ preset: 'paper' });
  expect({ size, channelOrder }).toEqual({ size: 256, channelOrder: 'bgr' });
  expect(diffusion).toMatchObject({ steps: 1000, betaStart: 0.0015, betaEnd: 0.02, prediction: 'epsilon' });
  expect(diffusion).toMatchObject({ condition: 'noisy', conditionNoiseMax: 999, lowest: 0 });
  expect(sampling).toEqual({
    steps: 5,
    redrawings: 1,
    differenceWeight: 0,
    spacing: 'ldm',
    start: 'noise',
    interpolation: 0.5,
  });
  expect(training.vae).toMatchObject({ batch: 16, learningRate: 7.2e-5, betas: [0.5, 0.9] });
  expect(training.diffusion).toMatchObject({ batch: 32, learningRate: 6.4e-5, weightDecay: 0.01, emaDecay: 0.9999 });
  expect(training.segment).toMatchObject({ batch: 32, learningRate: 1e-3, samplingSteps: 50, milestones: [0.8, 0.9] });
  expect(simulation).toMatchObject({ probability: 0.5, perlinMaxExponent: 5, maxOpacity: 0.8 });
  expect(simulation.rotation).toEqual({ probability: 0.3, degrees: 90 });
});

test('the unconditional variant trains every timestep', () => {
  expect(resolveConfig({ preset: 'small', variant: 'dir' }).diffusion.lowest).toBe(0);
  expect(resolveConfig({ preset: 'small', variant: 'c' }).diffusion.lowest).toBeGreaterThan(0);
});

test('overrides and assignments replace single values, the last one wins', () => {
  const config = resolveConfig({
    overrides: { unet: { channels: 48 }, sampling: { steps: 7 } },
    assignments: ['sampling.steps=9', 'patch={"overlap":0.5}', 'resize=bilinear'],
  });
  const tiny = resolveConfig({});
  expect(config.unet).toEqual({ ...tiny.unet, channels: 48 });
  expect(config.sampling).toEqual({ ...tiny.sampling, steps: 9 });
  expect(config.patch).toEqual({ overlap: 0.5 });
  expect(config.resize).toBe('bilinear');
});

test('sampling may take every step there is', () => {
  for (const lowest of [0, 1, 300]) {
    const most = 1000 - Math.max(1, lowest) + 1;
    const config = resolveConfig({ assignments: [`diffusion.lowest=${lowest}`, `sampling.steps=${most}`] });
    expect(timestepsOf(config).length).toBeLessThanOrEqual(most);
    expect(() => timestepsOf(config, most + 1)).toThrow(`[1, ${most}], got ${most + 1}`);
    expect(() => resolveConfig({ assignments: [`diffusion.lowest=${lowest}`, `sampling.steps=${most + 1}`] })).toThrow(
      `sampling.steps: ${most + 1} is not in [1, ${most}]`,
    );
  }
});

test('the five variants', () => {
  const kinds = ['dir', 'c', 'wo-inter', 'z-inter', 'full'].map((variant) => {
    const { diffusion, sampling } = resolveConfig({ preset: 'paper', variant });
    return [diffusion.condition, sampling.start, sampling.interpolation];
  });
  expect(kinds).toEqual([
    ['none', 801, null],
    ['clean', 'noise', null],
    ['noisy', 'noise', null],
    ['noisy', 'noise', 1],
    ['noisy', 'noise', 0.5],
  ]);
});

test.each<[string, Parameters<typeof resolveConfig>[0], string]>([
  ['a preset', { preset: 'huge' }, 'preset huge does not exist; choose tiny, small, paper'],
  ['a variant', { variant: 'x' }, 'variant x does not exist; choose dir, c, wo-inter, z-inter, full'],
  ['a key', { assignments: ['unet.chanels=3'] }, 'unet: Unrecognized key: "chanels"'],
  ['a type', { assignments: ['size=big'] }, 'size: Invalid input: expected number, received string'],
  ['an assignment', { assignments: ['size'] }, '--set size: expected key=value, for example unet.channels=64'],
  ['a size', { assignments: ['size=36'] }, 'size: 36 is not a multiple of 16'],
  ['groups', { assignments: ['unet.groups=5'] }, 'unet.groups: 5 does not divide a level of 32 channels'],
  [
    'a head',
    { assignments: ['unet.headChannels=12'] },
    'unet.headChannels: 12 does not divide a level of 64 channels, which attends',
  ],
  [
    'a lowest timestep',
    { assignments: ['diffusion.lowest=1000'] },
    'diffusion.lowest: 1000 is not below diffusion.steps 1000',
  ],
  [
    'a number of steps',
    { assignments: ['sampling.steps=702'] },
    'sampling.steps: 702 is not in [1, 701], which diffusion.lowest 300 and diffusion.steps 1000 leave',
  ],
  [
    'a number of steps in training',
    { preset: 'paper', assignments: ['training.segment.samplingSteps=1001'] },
    'training.segment.samplingSteps: 1001 is not in [1, 1000], which',
  ],
  ['a noise', { assignments: ['diffusion.conditionNoiseMax=1000'] }, 'diffusion.conditionNoiseMax: 1000 is not below'],
  [
    'a start',
    { assignments: ['diffusion.lowest=300', 'sampling.start=299'] },
    'sampling.start: 299 is not in [diffusion.lowest, diffusion.steps), [300, 1000)',
  ],
])('%s that does not exist or fit is named', (_, choice, message) => {
  expect(() => resolveConfig(choice)).toThrow(ConfigError);
  expect(() => resolveConfig(choice)).toThrow(message);
});
