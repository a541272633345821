import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openModel } from '../../model-file.ts';

/** The threshold of a run that was trained to its end; null of one that was not. */
export async function thresholdOf(run: string): Promise<number | null> {
  const path = join(run, 'model.safetensors');
  if (!existsSync(path)) return null;
  const { manifest } = await openModel(path);
  return manifest.calibration?.threshold ?? null;
}
