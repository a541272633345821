import { join } from 'node:path';
import { Command, Option } from 'commander';
import { RESULTS } from '../results.ts';
import { type SessionOptions, say, sessionOptions, withSession } from '../store/session.ts';
import { type Method, methodNames } from './methods.ts';
import { type OnCell, runAblation } from './run.ts';
import { writeAblation } from './write.ts';

interface Options extends SessionOptions {
  readonly methods: readonly Method[];
}

export const ablationCommand = sessionOptions(new Command('ablation'), join(RESULTS, 'ablation'))
  .description('the five variants of the supplementary and the DRAEM baseline, beside the paper')
  .addOption(new Option('--methods <name...>', 'which').choices(methodNames).default(methodNames))
  .action(run);

function run(options: Options): Promise<void> {
  return withSession(options, async ({ config, classes, evaluator }) => {
    const { seeds, methods, out } = options;
    const cells = await runAblation({ config, classes, seeds, methods }, evaluator, tell);
    console.log(await writeAblation(out, { config, classes, methods, seeds, cells }));
    say(`written: ${join(out, 'ablation.md')}, .csv, .jsonl, .html`);
  });
}

const tell: OnCell = ({ cell, fresh, done, total }) => {
  const { className, method, seed, figures } = cell;
  const ap = figures.pixelAp === null ? '-' : figures.pixelAp.toFixed(3);
  const how = fresh ? '' : ' (already there)';
  say(
    `${done}/${total} ${className}, ${method}, seed ${seed}: image AUROC ${figures.imageAuroc.toFixed(3)}, pixel AP ${ap}${how}`,
  );
};
