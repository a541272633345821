import type { Source } from '@diffad/nn';
import type { DiffADConfig } from './config/schema.ts';
import { DiffAD } from './diffad.ts';
import { Draem } from './draem/draem.ts';
import { fillModel, openModel } from './model-file.ts';

/** The method, or the baseline it is measured against. */
export type Model = DiffAD | Draem;

export const createModel = (config: DiffADConfig, seed = 0): Model =>
  config.method === 'draem' ? Draem.create(config, seed) : DiffAD.create(config, seed);

/** A trained model of either method: a run folder or a path (Node only), bytes, or anything that reads in parts. */
export async function loadModel(run: string | Uint8Array | Source): Promise<Model> {
  const opened = await openModel(run);
  return fillModel(createModel(opened.manifest.config), opened);
}
