import type { DiffADConfig } from '@diffad/diffad';
import { currentDevice } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { originsOf } from '../../src/profile/memory.ts';
import { profileStep } from '../../src/profile/profile.ts';
import { profileSections } from '../../src/profile/report.ts';
import { type ModelName, makeStep, models } from '../../src/profile/step.ts';
import { SMALL } from '../small.ts';

test('a training step of the UNet: kernels and gaps fill the time, every layer is there, the memory adds up', async () => {
  const device = currentDevice();
  const step = makeStep(SMALL, 'unet', 'train', 2);
  const { profile, timeline } = await profileStep(device, step, 2, true);
  const { totals, kernels, layers, memory } = profile;
  // Kernels do not overlap, so their times and the gaps make up the span.
  expect(totals.gpu?.covered.median).toBeGreaterThan(0);
  expect(totals.gpu?.covered.upper).toBeLessThanOrEqual(1);
  expect(kernels.reduce((sum, { calls }) => sum + calls, 0)).toBe(timeline.timings.length);
  const names = layers.map(({ path }) => path);
  expect(names).toEqual(
    expect.arrayContaining(['UNet.inputBlocks.0', 'UNet.middleBlock.1', 'UNet.out.2', 'loss', 'AdamW']),
  );
  const made = memory.byPath.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(memory.before + made).toBe(memory.peakBytes);
  expect(made).toBeGreaterThan(0);
  expect(profileSections(profile).join('\n')).toContain('## Dearest kernels');
  step.dispose();
});

test.each(models)('%s forward leaves no byte, and without timestamps only the host is timed', async (model) => {
  const device = currentDevice();
  const step = makeStep(SMALL, model, 'forward', 1);
  const before = device.memory().liveBytes;
  const { profile } = await profileStep(device, step, 1, false);
  expect(device.memory().liveBytes).toBe(before);
  expect(profile).toMatchObject({ clock: 'host', roofs: null, dispatches: null, kernels: [] });
  expect(profile.totals.wall.median).toBeGreaterThan(profile.totals.recording.median);
  expect(profileSections(profile).join('\n')).toMatch(
    /Host time.+with `--clock host`, or on an adapter without timestamp queries/,
  );
  step.dispose();
});

test('a training step has the loss of its stage, with what a configuration adds to it', async () => {
  const device = currentDevice();
  const dispatches = async (config: DiffADConfig, model: ModelName): Promise<number> => {
    const step = makeStep(config, model, 'train', 2);
    const timings = await device.profile(async () => {
      step.record();
      await device.sync();
    });
    step.dispose();
    return timings.length;
  };
  const { training, scoring } = SMALL;
  const even = { ...SMALL, training: { ...training, diffusion: { ...training.diffusion, defectWeight: 0 } } };
  expect(await dispatches(SMALL, 'unet')).toBeGreaterThan(await dispatches(even, 'unet'));
  const scored = { ...SMALL, scoring: { ...scoring, lossWeight: 0.03 } };
  expect(await dispatches(scored, 'discriminator')).toBeGreaterThan(await dispatches(SMALL, 'discriminator'));
});

test('an error while recording ends the watch over memory', () => {
  const device = currentDevice();
  const fails = (): void => {
    throw new Error('recording failed');
  };
  expect(() => originsOf(device, fails)).toThrow('recording failed');
  expect(device.memoryObserver).toBeUndefined();
});
