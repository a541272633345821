import { init } from '@diffad/tensor-core';
import { Command } from 'commander';
import type { Evaluation } from '../../inspect/evaluate.ts';
import { NOT_EVALUATED } from '../../report/render-report.ts';
import { reportRun } from '../../run/node/report-run.ts';
import { answer } from '../output.ts';
import { evaluationLines } from './evaluate.ts';

interface Options {
  readonly data?: string;
  readonly json?: true;
}

export function reportCommand(): Command {
  return new Command('report')
    .description(
      'write report.html into a run: how it learned, its threshold, and how it judges labelled test pictures',
    )
    .argument('<run>', 'a run folder')
    .option('--data <dir>', 'the data set to evaluate on; default the one the run learned from')
    .option('--json', 'one JSON document on standard output')
    .action(async (run: string, { data, json }: Options) => {
      const device = await init();
      try {
        const { evaluation } = await reportRun(run, data);
        const report = `${run}/report.html`;
        answer(json === true, { report, ...evaluation }, () => reportLines(evaluation, report));
      } finally {
        device.destroy();
      }
    });
}

/** What a report found, for people, and where it lies. */
export const reportLines = (evaluation: Evaluation | null, report: string): string[] => [
  ...(evaluation ? evaluationLines(evaluation) : [NOT_EVALUATED]),
  '',
  report,
];
