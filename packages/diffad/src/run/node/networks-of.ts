import { loadModule } from '@diffad/nn';
import type { DiffADConfig } from '../../config/schema.ts';
import { DiffAD } from '../../diffad.ts';
import type { Model } from '../../model.ts';
import { loadModelTensors, openModel } from '../../model-file.ts';

type Sizes = Readonly<Record<string, unknown>>;

/** What must agree for weights to fit, by the name a person sets it with. */
const autoencoderSizes = ({ autoencoder }: DiffADConfig): Sizes => {
  const { dropout: _, initialLogVariance: __, ...sizes } = autoencoder;
  return named('autoencoder', sizes);
};

function modelSizes(config: DiffADConfig): Sizes {
  const { method, draem, diffusion, sampling } = config;
  const { initialisation: _, diceWeight: __, ...marking } = config.discriminator;
  const discriminator = named('discriminator', marking);
  if (method === 'draem') return { method, 'draem.width': draem.width, ...discriminator };
  const { dropout: ___, ...unet } = config.unet;
  return {
    method,
    ...autoencoderSizes(config),
    ...named('unet', unet),
    ...discriminator,
    'diffusion.condition': diffusion.condition,
    'diffusion.prediction': diffusion.prediction,
    'sampling.interpolation': sampling.interpolation,
  };
}

const named = (section: string, values: object): Sizes =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${section}.${name}`, value]));

/** The first size in which two models differ, as both write it; undefined where weights of one fit the other. */
function difference(theirs: Sizes, ours: Sizes): { name: string; theirs: string; ours: string } | undefined {
  return Object.keys(ours)
    .map((name) => ({ name, theirs: JSON.stringify(theirs[name]), ours: JSON.stringify(ours[name]) }))
    .find((size) => size.theirs !== size.ours);
}

/** Reads all networks of another model, to be put into a new one. Throws RangeError where a size is not that of `config`. */
export async function networksOf(path: string, config: DiffADConfig): Promise<(model: Model) => void> {
  const { file, manifest } = await openModel(path);
  const wrong = difference(modelSizes(manifest.config), modelSizes(config));
  if (wrong?.name === 'method')
    throw new RangeError(`${path}: was trained with method ${wrong.theirs}, this run uses ${wrong.ours}`);
  refuse(path, wrong);
  return (model) => {
    loadModelTensors(model, file);
    if (model instanceof DiffAD) model.latentScale = manifest.latentScale;
  };
}

/** Reads the autoencoder of another model alone. Throws RangeError where one of both has none, or its sizes are not those of `config`. */
export async function autoencoderOf(path: string, config: DiffADConfig): Promise<(model: Model) => void> {
  if (config.method !== 'diffad')
    throw new RangeError(`method ${config.method} has no autoencoder to start from ${path}; leave --autoencoder out`);
  const { file, manifest } = await openModel(path);
  if (manifest.config.method !== 'diffad')
    throw new RangeError(`${path}: method ${manifest.config.method} has no autoencoder to start from`);
  refuse(path, difference(autoencoderSizes(manifest.config), autoencoderSizes(config)));
  return (model) => {
    if (model instanceof DiffAD) loadModule(model.autoencoder, file, 'vae.');
  };
}

function refuse(path: string, size: ReturnType<typeof difference>): void {
  if (size)
    throw new RangeError(
      `${path}: its ${size.name} is ${size.theirs}, this run's ${size.ours}; train with --set ${size.name}=${size.theirs}`,
    );
}
