import { Command, Option } from 'commander';
import { presets } from '../../config/presets.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { writePage } from '../../inspector/node/write-page.ts';
import { answer } from '../output.ts';

interface Options {
  readonly model?: string;
  readonly preset: string;
  readonly out: string;
  readonly json?: true;
}

export function pageCommand(): Command {
  return new Command('page')
    .description('write one web page that inspects pictures and a camera in a browser with WebGPU, without a server')
    .option('--model <run>', 'a run folder, or a model file; without, the page learns from good parts first')
    .addOption(
      new Option('--preset <name>', 'what a page without a model learns')
        .choices(Object.keys(presets))
        .default('tiny')
        .conflicts('model'),
    )
    .requiredOption('--out <file>', 'the page to write, NAME.html')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run({ model, preset, out, json }: Options): Promise<void> {
  const bytes = await writePage(out, model ?? resolveConfig({ preset }));
  answer(json === true, { out, bytes }, () => [`${out}: ${(bytes / 2 ** 20).toFixed(1)} MiB, open it in a browser`]);
}
