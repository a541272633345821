import { loadSafetensors } from '@diffad/nn';
import { init } from '@diffad/tensor-core';
import { Command, Option } from 'commander';
import { type Part, renamed } from '../../checkpoint/rename.ts';
import { presets } from '../../config/presets.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { DiffAD } from '../../diffad.ts';
import { saveModel } from '../../run/node/save-model.ts';
import { decimal } from '../numbers.ts';
import { say, UsageError } from '../output.ts';

interface Options {
  readonly out: string;
  readonly preset: string;
  readonly set: readonly string[];
  readonly latentScale: number;
}

const parts: readonly Part[] = ['vae', 'unet', 'seg'];

export function importCommand(): Command {
  return new Command('import')
    .description(
      'make a model of published weights: a kl-f8 autoencoder (names of latent diffusion or diffusers), its UNet, DRAEM’s discriminator',
    )
    .argument('<file...>', 'safetensors files')
    .requiredOption('--out <file>', 'the model file to write')
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
    .option(
      '--latent-scale <x>',
      'what latents are multiplied by: 1 for the authors’ weights, 0.18215 for Stable Diffusion’s',
      decimal,
      1,
    )
    .action(run);
}

async function run(files: readonly string[], { out, preset, set, latentScale }: Options): Promise<void> {
  const device = await init();
  const model = DiffAD.create(resolveConfig({ preset, assignments: set }));
  const found = new Set<Part>();
  for (const file of files) {
    const { tensors } = await loadSafetensors(file);
    for (const part of parts) {
      const own = renamed(tensors, part);
      if (Object.keys(own).length === 0) continue;
      const network = model.networks.find(([prefix]) => prefix === `${part}.`)?.[1];
      network?.loadStateDict(withoutCounters(own));
      found.add(part);
    }
  }
  if (found.size === 0)
    throw new UsageError(`import: ${files.join(', ')} hold none of vae, unet, seg; see docs/paper.md for the names`);
  model.latentScale = latentScale;
  await saveModel(model, out);
  const missing = parts.filter((part) => !found.has(part));
  say(
    `${out}: ${[...found].join(', ')}${missing.length > 0 ? `; untrained: ${missing.join(', ')}` : ''}; not calibrated yet`,
  );
  model.dispose();
  device.destroy();
}

const withoutCounters = <T>(tensors: Readonly<Record<string, T>>): Record<string, T> =>
  Object.fromEntries(Object.entries(tensors).filter(([name]) => !name.endsWith('num_batches_tracked')));
