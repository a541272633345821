import { type LoadedFile, loadModule, type Module, type Savable, savable } from '@diffad/nn';
import type { DiffADConfig } from './config/schema.ts';
import { DiffAD } from './diffad.ts';
import { Draem } from './draem/draem.ts';

export type Model = DiffAD | Draem;

export const createModel = (config: DiffADConfig, seed = 0): Model =>
  config.method === 'draem' ? Draem.create(config, seed) : DiffAD.create(config, seed);

/** The networks of a model under the prefixes of its files. Spec 9.5. */
function networks(model: Model): [string, Module<never, unknown>][] {
  if (model instanceof Draem)
    return [
      ['rec.', model.autoencoder],
      ['seg.', model.discriminator],
    ];
  return [
    ['vae.', model.autoencoder],
    ['unet.', model.unet],
    ['seg.', model.discriminator],
  ];
}

/** All weights as `saveSafetensors` takes them. */
export const modelTensors = (model: Model): Record<string, Savable> =>
  Object.assign({}, ...networks(model).map(([prefix, network]) => savable(network, prefix)));

/** Overwrites all weights; throws ShapeError listing every name that does not fit. */
export function loadModelTensors(model: Model, file: Pick<LoadedFile, 'tensors'>): void {
  for (const [prefix, network] of networks(model)) loadModule(network, file, prefix);
}
