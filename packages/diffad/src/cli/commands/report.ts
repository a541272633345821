import { init } from '@diffad/tensor-core';
import { Command } from 'commander';
import { reportRun } from '../../run/node/report-run.ts';
import { answer } from '../output.ts';
import { evaluationLines } from './evaluate.ts';

export function reportCommand(): Command {
  return new Command('report')
    .description('evaluate a run on its test pictures and write report.html into its folder')
    .argument('<run>', 'a run folder')
    .option('--json', 'one JSON document on standard output')
    .action(async (run: string, { json }: { json?: true }) => {
      const device = await init();
      try {
        const { evaluation } = await reportRun(run);
        answer(json === true, { report: `${run}/report.html`, ...evaluation }, () => [
          ...evaluationLines(evaluation),
          '',
          `${run}/report.html`,
        ]);
      } finally {
        device.destroy();
      }
    });
}
