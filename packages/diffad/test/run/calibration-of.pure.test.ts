import { join } from 'node:path';
import { saveSafetensors } from '@diffad/nn';
import { expect, test } from 'vitest';
import { presets } from '../../src/config/presets.ts';
import { calibrate } from '../../src/metrics/calibrate.ts';
import { manifestMetadata } from '../../src/model-file.ts';
import { calibrationOf } from '../../src/run/node/calibration-of.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a run is calibrated once it was trained to its end', async () => {
  const run = temporaryFolder();
  expect(await calibrationOf(run)).toBeNull();
  const config = presets.tiny as NonNullable<typeof presets.tiny>;
  const calibration = calibrate([0.125, 0.25]);
  const metadata = manifestMetadata({ config, latentScale: 1, calibration });
  await saveSafetensors(join(run, 'model.safetensors'), {}, metadata);
  expect(await calibrationOf(run)).toEqual(calibration);
});
