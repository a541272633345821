import { saveSafetensors } from '@diffad/nn';
import { floatToHalf, halfToFloat } from '@diffad/tensor-core';
import type { Calibration } from '../../metrics/calibrate.ts';
import { manifestMetadata, modelFileOf, openModel } from '../../model-file.ts';
import { halved } from '../../save-model.ts';

/** Writes another threshold into a run's model or a model file; everything else stays, the bits a weight too. */
export async function replaceCalibration(run: string, calibration: Calibration): Promise<void> {
  const path = modelFileOf(run);
  const { file, manifest } = await openModel(path);
  const half = Object.values(file.tensors).every(({ data }) => (data as Float32Array).every(isHalf)); // 16 bits are read as 32
  const tensors = half ? halved(file.tensors) : file.tensors;
  await saveSafetensors(path, tensors, manifestMetadata({ ...manifest, calibration }));
}

const isHalf = (value: number): boolean => halfToFloat(floatToHalf(value)) === value;
