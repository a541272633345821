import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { saveSafetensors } from '@diffad/nn';
import { expect, test } from 'vitest';
import { calibrate } from '../../src/index.ts';
import { manifestMetadata, openModel } from '../../src/model-file.ts';
import { replaceCalibration } from '../../src/run/node/replace-calibration.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';

const folder = temporaryFolder();
const other = calibrate([0.2, 0.3], 5);

test.each(['f32', 'f16'] as const)('all but the threshold of a file of %s stays, to the bit', async (dtype) => {
  const path = join(folder, `${dtype}.safetensors`);
  const tensors = {
    'vae.a': { shape: [2, 3], dtype, data: Float32Array.from([1, -2.5, 0.1, 65504, 1e-7, 0]) },
    'seg.b': { shape: [1], dtype, data: Float32Array.from([3]) },
  };
  const manifest = { config: tinyConfig(), latentScale: 0.7, calibration: calibrate([0.1, 0.4]), note: 'kept' };
  await saveSafetensors(path, tensors, manifestMetadata(manifest));
  const [before, size] = [await openModel(path), statSync(path).size];
  await replaceCalibration(path, other);
  const after = await openModel(path);
  expect(after.manifest).toEqual({ ...before.manifest, calibration: other });
  expect(after.file.tensors).toEqual(before.file.tensors);
  expect(Math.abs(statSync(path).size - size)).toBeLessThan(100);
  expect(readFileSync(path).includes(dtype === 'f16' ? '"F16"' : '"F32"')).toBe(true);
});

test('a run folder keeps its model where it is', async () => {
  const run = join(folder, 'run');
  const manifest = { config: tinyConfig(), latentScale: 1, calibration: null };
  await saveSafetensors(join(run, 'model.safetensors'), {}, manifestMetadata(manifest));
  await replaceCalibration(run, other);
  expect((await openModel(run)).manifest.calibration).toEqual(other);
});
