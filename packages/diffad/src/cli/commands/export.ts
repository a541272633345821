import { Command } from 'commander';
import { type SaveOptions, saveModel } from '../../save-model.ts';
import { modelPath } from '../model-path.ts';
import { answer } from '../output.ts';
import { withModel } from '../with-model.ts';

interface Options extends SaveOptions {
  readonly model: string;
  readonly out: string;
  readonly json?: true;
}

/** Our files already have PyTorch's names and layouts; export writes one where it is wanted. */
export function exportCommand(): Command {
  return new Command('export')
    .description('write a model as one safetensors file with PyTorch’s names and layouts (vae., unet., seg.)')
    .requiredOption('--model <run>', 'a run folder, or a model file')
    .requiredOption('--out <file>', 'the file to write, NAME.safetensors', modelPath)
    .option('--half', '16 bits a weight: half the file, scores differ in the third digit')
    .option('--note <text>', 'kept in the file, for instance the command that made it')
    .option('--json', 'one JSON document on standard output')
    .action(({ model: path, out, json, ...options }: Options) =>
      withModel(path, async (model) => {
        await saveModel(model, out, options);
        const networks = model.networks.map(([prefix]) => prefix.slice(0, -1));
        answer(json === true, { out, networks }, () => [`${out}: ${networks.join(', ')}`]);
      }),
    );
}
