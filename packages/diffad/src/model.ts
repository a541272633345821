import type { Source } from '@diffad/nn';
import type { DiffADConfig } from './config/schema.ts';
import { DiffAD } from './diffad.ts';
import { Draem } from './draem/draem.ts';
import { loadModelTensors, openModel } from './model-file.ts';

/** The method, or the baseline it is measured against. */
export type Model = DiffAD | Draem;

export const createModel = (config: DiffADConfig, seed = 0): Model =>
  config.method === 'draem' ? Draem.create(config, seed) : DiffAD.create(config, seed);

/** A trained model of either method: a run folder or a path (Node only), bytes, or anything that reads in parts. */
export async function loadModel(run: string | Uint8Array | Source): Promise<Model> {
  const { file, manifest } = await openModel(run);
  const model = createModel(manifest.config);
  try {
    loadModelTensors(model, file);
  } catch (error) {
    model.dispose();
    throw error;
  }
  if (model instanceof DiffAD) {
    model.latentScale = manifest.latentScale;
    model.usualDifference = manifest.usualDifference ?? null;
  }
  model.calibration = manifest.calibration;
  model.golden = manifest.golden ?? null;
  return model.eval();
}
