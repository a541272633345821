import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command, Option } from 'commander';
import { presets } from '../../config/presets.ts';
import { resolveConfig } from '../../config/resolve.ts';
import { type InspectorParts, inspectorPage } from '../../inspector/inspector-page.ts';
import { inspectorScript } from '../../inspector/node/inspector-script.ts';
import { MODEL_ENDING, openModel } from '../../model-file.ts';
import { writeWhole } from '../../run/node/write-whole.ts';
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
  const parts =
    model === undefined
      ? { title: 'DiffAD', holds: { config: resolveConfig({ preset }) } }
      : { title: `DiffAD: ${basename(model, MODEL_ENDING)}`, holds: await modelOf(model) };
  const page = inspectorPage({ ...parts, script: await inspectorScript() });
  await writeWhole(out, page);
  answer(json === true, { out, bytes: page.length }, () => [
    `${out}: ${(page.length / 2 ** 20).toFixed(1)} MiB, open it in a browser`,
  ]);
}

async function modelOf(run: string): Promise<InspectorParts['holds']> {
  await openModel(run);
  const file = run.endsWith(MODEL_ENDING) ? run : join(run, `model${MODEL_ENDING}`);
  return { model: await readFile(file, 'base64') };
}
