import { loadavg } from 'node:os';
import { join } from 'node:path';
import { type DiffAD, timestepsOf } from '@diffad/diffad';
import { openDataset } from '@diffad/diffad/node';
import { Command, InvalidArgumentError } from 'commander';
import { configOf } from '../ablation/methods.ts';
import { environment } from '../environment.ts';
import { count } from '../kernels/command.ts';
import { RESULTS } from '../results.ts';
import type { ClassData } from '../store/class-data.ts';
import { type Session, type SessionOptions, say, sessionOptions, withSession } from '../store/session.ts';
import { runSteps, type StepsCell, withSteps } from './run.ts';
import { type Timing, timeSteps } from './timing.ts';
import { writeSteps } from './write.ts';

interface Options extends SessionOptions {
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly pictures: number;
  readonly rounds: number;
}

const counts = (text: string): number[] => {
  const values = text.split(',').map(Number);
  if (values.some((value) => !Number.isInteger(value) || value < 1))
    throw new InvalidArgumentError('whole numbers >= 1 with commas between are needed.');
  return values;
};

export const stepsCommand = sessionOptions(new Command('steps'), join(RESULTS, 'steps'))
  .description('quality and time per picture against sampling steps: tables 4 and 5 of the supplementary')
  .option('--train <list>', 'sampling steps behind what the discriminator learns from', counts, [10, 20, 50])
  .option('--test <list>', 'sampling steps when a picture is inspected', counts, [1, 2, 5, 10, 25, 50])
  .option('--pictures <n>', 'pictures to time', count, 10)
  .option('--rounds <n>', 'times each picture is timed', count, 3)
  .action(run);

function run(options: Options): Promise<void> {
  return withSession(options, async (session) => {
    const { config, classes, device } = session;
    const { seeds, train, test, out } = options;
    for (const steps of [...train, ...test]) timestepsOf(config, steps);
    const cells = await runSteps({ config, classes, seeds, train, test }, session.evaluator, tell);
    const timings = await timingsOf(session, options);
    const table = { config, classes, seeds, train, test, cells, timings, load: loadavg()[0] as number };
    console.log(await writeSteps(out, table, environment(device)));
    say(`written: ${join(out, 'steps.md')}, .csv, .jsonl, .json, .svg, .html`);
  });
}

/** Times do not depend on weights: the first class and seed stand for all. */
async function timingsOf({ config, classes, trainer }: Session, options: Options): Promise<Timing[]> {
  const data = classes[0] as ClassData;
  const { test } = await openDataset(data.folder);
  const paths = test.slice(0, options.pictures).map(({ path }) => join(data.folder, path));
  say(`timing ${paths.length} pictures, ${options.rounds} rounds`);
  const model = await trainer.model(withSteps(config, options.train[0] as number, 1), data, 0);
  const baseline = await trainer.model(configOf(config, 'draem'), data, 0);
  try {
    return await timeSteps(model as DiffAD, baseline, paths, options.test, options.rounds);
  } finally {
    model.dispose();
    baseline.dispose();
  }
}

function tell({ cell, fresh }: { cell: StepsCell; fresh: boolean }): void {
  const { className, method, seed, train, test, figures } = cell;
  const what = train === null ? method : `${train} steps in training, ${test} at test`;
  say(
    `${className}, ${what}, seed ${seed}: image AUROC ${figures.imageAuroc.toFixed(3)}, pixel AP ${figures.pixelAp?.toFixed(3) ?? '-'}${fresh ? '' : ' (already there)'}`,
  );
}
