import { join } from 'node:path';
import { saveSafetensors } from '@diffad/nn';
import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { calibrate } from '../../src/metrics/calibrate.ts';
import { manifestMetadata } from '../../src/model-file.ts';
import { thresholdOf } from '../../src/run/node/threshold-of.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a run has a threshold once it was trained to its end', async () => {
  const run = temporaryFolder();
  expect(await thresholdOf(run)).toBeNull();
  const config = presets.tiny as NonNullable<typeof presets.tiny>;
  const calibration = calibrate([0.125, 0.25]);
  const metadata = manifestMetadata({ config, latentScale: 1, calibration });
  await saveSafetensors(join(run, 'model.safetensors'), {}, metadata);
  expect(await thresholdOf(run)).toBe(calibration.threshold);
});
