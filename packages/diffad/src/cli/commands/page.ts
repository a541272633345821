import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Command } from 'commander';
import { inspectorPage } from '../../inspector/inspector-page.ts';
import { inspectorScript } from '../../inspector/node/inspector-script.ts';
import { describeCalibration } from '../../metrics/describe-calibration.ts';
import { MODEL_ENDING, openModel } from '../../model-file.ts';
import { writeWhole } from '../../run/node/write-whole.ts';
import { answer } from '../output.ts';

interface Options {
  readonly model: string;
  readonly out: string;
  readonly json?: true;
}

export function pageCommand(): Command {
  return new Command('page')
    .description(
      'write a model as one web page that inspects pictures and a camera, in a browser with WebGPU, without a server',
    )
    .requiredOption('--model <run>', 'a run folder, or a model file')
    .requiredOption('--out <file>', 'the page to write, NAME.html')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run({ model: path, out, json }: Options): Promise<void> {
  const { calibration } = (await openModel(path)).manifest;
  const page = inspectorPage({
    title: `DiffAD: ${basename(path, MODEL_ENDING)}`,
    threshold: calibration ? describeCalibration(calibration) : 'The model was not calibrated: set a threshold.',
    script: await inspectorScript(),
    model: await readFile(path.endsWith(MODEL_ENDING) ? path : join(path, `model${MODEL_ENDING}`), 'base64'),
  });
  await writeWhole(out, page);
  answer(json === true, { out, bytes: page.length }, () => [
    `${out}: ${(page.length / 2 ** 20).toFixed(1)} MiB, open it in a browser`,
  ]);
}
