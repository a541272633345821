import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Calibration } from '../../metrics/calibrate.ts';
import { openModel } from '../../model-file.ts';

/** How a run that was trained to its end was calibrated; null of one that was not. */
export async function calibrationOf(run: string): Promise<Calibration | null> {
  const path = join(run, 'model.safetensors');
  if (!existsSync(path)) return null;
  const { manifest } = await openModel(path);
  return manifest.calibration;
}
