import { loadModule } from '@diffad/nn';
import type { DiffADConfig } from '../../config/schema.ts';
import { DiffAD } from '../../diffad.ts';
import type { Model } from '../../model.ts';
import { openModel } from '../../model-file.ts';

const SIZES = ['channels', 'multipliers', 'blocks', 'latentChannels', 'groups', 'attention'] as const;

/** Reads the autoencoder of another model, to be put into a new one. Throws RangeError where one of both has none, or its sizes are not those of `config`. */
export async function autoencoderOf(path: string, config: DiffADConfig): Promise<(model: Model) => void> {
  if (config.method !== 'diffad')
    throw new RangeError(`method ${config.method} has no autoencoder to start from ${path}; leave --autoencoder out`);
  const { file, manifest } = await openModel(path);
  if (manifest.config.method !== 'diffad')
    throw new RangeError(`${path}: method ${manifest.config.method} has no autoencoder to start from`);
  const text = (value: unknown): string => JSON.stringify(value);
  for (const size of SIZES) {
    const [theirs, ours] = [text(manifest.config.autoencoder[size]), text(config.autoencoder[size])];
    if (theirs !== ours)
      throw new RangeError(
        `${path}: its autoencoder.${size} is ${theirs}, this run's ${ours}; train with --set autoencoder.${size}=${theirs}`,
      );
  }
  return (model) => {
    if (model instanceof DiffAD) loadModule(model.autoencoder, file, 'vae.');
  };
}
