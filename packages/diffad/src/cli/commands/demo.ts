import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { init } from '@diffad/tensor-core';
import { Command } from 'commander';
import { resolveConfig } from '../../config/resolve.ts';
import { writePage } from '../../inspector/node/write-page.ts';
import { loadModel } from '../../model.ts';
import { describeConfig, reportModel, reportRun } from '../../run/node/report-run.ts';
import { stopOnInterrupt } from '../../run/node/stop-on-interrupt.ts';
import { resumeRun, type StartRunOptions, startRun } from '../../run/node/train-run.ts';
import { SHIPPED_MODEL } from '../../shipped-model.ts';
import { writeSurfaces } from '../../surfaces/node/write-surfaces.ts';
import { Interrupted } from '../../train/train.ts';
import { decimal } from '../numbers.ts';
import { answer, say } from '../output.ts';
import { estimateLine, progressReporter } from '../progress.ts';
import { reportLines } from './report.ts';

interface Options {
  readonly out: string;
  readonly budget: number;
  readonly json?: true;
}

/** What training gets of the time that the two reports leave; the rest is for checkpoints and gauges. */
const SHARE_OF_BUDGET = 0.85;
/** A pool that is soon made; no varied normals, because all generated pictures are lit alike; and of a few minutes a fair share for the first two stages. */
const SETTINGS = ['simulation.pool=256', 'simulation.variation.probability=0', 'training.segment.steps=1600'];

export function demoCommand(): Command {
  return new Command('demo')
    .description('make surface pictures with defects, inspect them with the shipped model, then train one from nothing')
    .option('--out <dir>', 'where pictures, run and reports go; run it again to go on', 'runs/demo')
    .option('--budget <minutes>', 'about how long all of it may take', decimal, 8)
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run({ out, budget, json }: Options): Promise<void> {
  const started = performance.now();
  const device = await init();
  say(`adapter: ${device.info.adapter} (${device.info.reason})`);
  const [data, trained, shipped] = ['pictures', 'run', 'shipped-model.html'].map((name) => join(out, name)) as [
    string,
    string,
    string,
  ];
  try {
    if (!existsSync(shipped)) {
      say(`${data}: ${await writeSurfaces(data, {})} pictures of cloth, steel and granite`);
      await reportShipped(data, shipped);
    }
    const reporting = (performance.now() - started) / 1000; // the second report takes as long
    if (!existsSync(join(trained, 'model.safetensors')))
      await trainOwn(data, trained, SHARE_OF_BUDGET * Math.max(60, 60 * budget - 2 * reporting));
    say('a model trained from nothing:');
    const { evaluation } = await reportRun(trained);
    const [report, page] = [join(trained, 'report.html'), join(out, 'page.html')];
    await writePage(page, trained);
    answer(json === true, { report, page, ...evaluation }, () => reportLines(evaluation, report));
    say(`${page}: the same model in a web page, which judges pictures and a camera's`);
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    say(`${error.message}; run the same command again to go on`);
    process.exitCode = 2;
  } finally {
    device.destroy();
  }
}

async function reportShipped(data: string, out: string): Promise<void> {
  const path = fileURLToPath(SHIPPED_MODEL);
  const model = await loadModel(path);
  try {
    const setup = [['data', data] as const, ...describeConfig(model.config)];
    const { evaluation } = await reportModel(model, {
      title: 'DiffAD: the shipped model',
      data,
      out,
      setup,
      metrics: [],
    });
    for (const line of ['the shipped model:', ...reportLines(evaluation, out), '']) say(line);
  } finally {
    model.dispose();
  }
}

async function trainOwn(data: string, out: string, budget: number): Promise<void> {
  using stop = stopOnInterrupt(say);
  const progress = progressReporter();
  const options: StartRunOptions = {
    signal: stop.signal,
    onProgress: progress.show,
    budget,
    onEstimate: (estimate) => say(`from nothing; ${estimateLine(estimate)}`),
  };
  try {
    const config = resolveConfig({ preset: 'tiny', assignments: SETTINGS });
    const model = existsSync(join(out, 'config.json'))
      ? await resumeRun(out, options)
      : await startRun(out, { version: 1, data, textures: null, seed: 1, config }, options);
    model.dispose();
  } finally {
    progress.end();
  }
}
