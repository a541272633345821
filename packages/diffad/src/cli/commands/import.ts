import { dirname } from 'node:path';
import { loadSafetensors } from '@diffad/nn';
import { init, ShapeError } from '@diffad/tensor-core';
import { Command, Option } from 'commander';
import { type Part, renamed } from '../../checkpoint/rename.ts';
import { presets } from '../../config/presets.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { DiffAD } from '../../diffad.ts';
import { fileProblem } from '../../image/node/image-file-error.ts';
import { mustBeWritable } from '../../run/node/write-whole.ts';
import { saveModel } from '../../save-model.ts';
import type { StageName } from '../../train/stage.ts';
import { modelPath } from '../model-path.ts';
import { decimal } from '../numbers.ts';
import { answer, UsageError } from '../output.ts';

interface Options {
  readonly out: string;
  readonly preset: string;
  readonly set: readonly string[];
  readonly latentScale: number;
  readonly json?: true;
}

const parts: readonly Part[] = ['vae', 'unet', 'seg'];
/** Where each is trained. */
const stageOf: Readonly<Record<Part, StageName>> = { vae: 'vae', unet: 'diffusion', seg: 'segment' };

export function importCommand(): Command {
  return new Command('import')
    .description(
      'make a model of published weights: a kl-f8 autoencoder (names of latent diffusion or diffusers), its UNet, DRAEM’s discriminator; they are given pictures in [0, 1], as the authors’ were',
    )
    .argument('<file...>', 'safetensors files')
    .requiredOption('--out <file>', 'the model file to write, NAME.safetensors', modelPath)
    .addOption(
      new Option('--preset <name>', 'the sizes the weights were made for')
        .choices(Object.keys(presets))
        .default('paper'),
    )
    .option(
      '--set <key=value>',
      'one value of the configuration; may be repeated',
      (value: string, before: string[]) => [...before, value],
      [],
    )
    .option('--latent-scale <x>', 'what latents are multiplied by: 1 for the authors’ weights', decimal, 1)
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run(files: readonly string[], options: Options): Promise<void> {
  const { out, preset, set, latentScale, json } = options;
  const config = resolveConfig({ preset, assignments: set });
  await mustBeWritable(dirname(out));
  const device = await init();
  try {
    const model = DiffAD.create(config);
    const found = new Set<Part>();
    for (const file of files) for (const part of await loadParts(model, file)) found.add(part);
    if (found.size === 0)
      throw new UsageError(`import: ${files.join(', ')} hold none of vae, unet, seg; see docs/paper.md for the names`);
    model.latentScale = latentScale;
    await saveModel(model, out);
    model.dispose();
    const missing = parts.filter((part) => !found.has(part));
    const untrained = missing.length > 0 ? `; untrained: ${missing.join(', ')}` : '';
    answer(json === true, { out, networks: [...found], untrained: missing }, () => [
      `${out}: ${[...found].join(', ')}${untrained}`,
      'pictures are given in [0, 1]: weights made for [-1, 1], as Stable Diffusion’s, need more training: leave out what keeps it at 0 steps',
      `not calibrated yet: ${calibrating(found, options)}`,
    ]);
  } finally {
    device.destroy();
  }
}

/** The command that trains what is missing and chooses the threshold. */
function calibrating(found: ReadonlySet<Part>, { out, preset, set }: Options): string {
  const quoted = (text: string): string => (/^[\w./=,-]+$/.test(text) ? text : `'${text}'`);
  const kept = [...found].map((part) => `training.${stageOf[part]}.steps=0`);
  const values = [...set, ...kept].map((value) => ` --set ${quoted(value)}`).join('');
  return `diffad train PARTS --out RUN --from ${quoted(out)} --preset ${preset}${values}`;
}

/** Loads what the file holds of each network; says in one line which does not fit. */
async function loadParts(model: DiffAD, file: string): Promise<Part[]> {
  const { tensors } = await loadSafetensors(file).catch((cause: NodeJS.ErrnoException): never => {
    throw cause.code === undefined ? cause : fileProblem(file, cause);
  });
  const loaded = parts.filter((part) => Object.keys(renamed(tensors, part)).length > 0);
  for (const part of loaded) {
    const network = model.networks.find(([prefix]) => prefix === `${part}.`)?.[1];
    try {
      network?.loadStateDict(withoutCounters(renamed(tensors, part)));
    } catch (cause) {
      if (!(cause instanceof ShapeError)) throw cause;
      const [, first = '', ...others] = cause.message.split('\n');
      throw new UsageError(
        `${file}: its ${part} does not fit preset ${model.config.preset}: ${first.trim()}${others.length > 0 ? `, and ${others.length} more` : ''}`,
      );
    }
  }
  return loaded;
}

const withoutCounters = <T>(tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.endsWith('num_batches_tracked')));
