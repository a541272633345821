import { expect, test } from 'vitest';
import { estimateLine, progressLine } from '../../src/cli/progress.ts';

const progress = {
  stage: 'vae' as const,
  step: 50,
  steps: 200,
  loss: 0.123456,
  imagesPerSecond: 12.34,
  secondsLeft: 95,
  liveBytes: 3 * 2 ** 20,
};

test('one line has the step, loss, speed, memory and time left', () => {
  expect(progressLine(progress)).toBe(
    'vae       #####............... 50/200  loss 0.12346  12.3 img/s  3 MiB  1 min 35 s left',
  );
  expect(progressLine({ ...progress, loss: null })).toBe('vae       preparing');
  expect(progressLine({ ...progress, secondsLeft: Number.NaN })).toMatch(/\? left$/);
  expect(progressLine({ ...progress, secondsLeft: 59.7 })).toMatch(/1 min 0 s left$/);
});

test('an estimate adds its stages up', () => {
  const stages = [
    { stage: 'vae' as const, steps: 10, seconds: 50 },
    { stage: 'diffusion' as const, steps: 20, seconds: 100 },
  ];
  expect(estimateLine({ stages, peakBytes: 2 ** 21 })).toBe(
    'estimate: 2 min 30 s (vae 10 steps 50 s, diffusion 20 steps 1 min 40 s), 2 MiB of tensors at the peak',
  );
});
