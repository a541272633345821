import { join } from 'node:path';
import { Command, Option } from 'commander';
import { RESULTS } from '../results.ts';
import type { Cell } from '../store/cell.ts';
import { type SessionOptions, say, sessionOptions, withSession } from '../store/session.ts';
import { type Method, methodNames } from './methods.ts';
import { runAblation } from './run.ts';
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
    const cells = await runAblation({ config, classes, seeds, methods }, evaluator, { onCell: tell });
    console.log(await writeAblation(out, { config, classes, methods, seeds, cells }));
    say(`written: ${join(out, 'ablation.md')}, .csv, .jsonl, .html`);
  });
}

function tell({ cell, fresh, done, total }: { cell: Cell; fresh: boolean; done: number; total: number }): void {
  const { className, method, seed, reconstruction, figures } = cell;
  const control = reconstruction === 'copied' ? ', control' : '';
  const how = fresh ? '' : ' (already there)';
  const ap = figures.pixelAp === null ? '-' : figures.pixelAp.toFixed(3);
  say(
    `${done}/${total} ${className}, ${method}${control}, seed ${seed}: image AUROC ${figures.imageAuroc.toFixed(3)}, pixel AP ${ap}${how}`,
  );
}
