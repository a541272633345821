import { Command } from 'commander';
import { describeReport } from '../../data/describe-report.ts';
import { checkData } from '../../data/node/check-data.ts';
import { answer } from '../output.ts';

export function dataCommand(): Command {
  const data = new Command('data').description('look at a folder of pictures before training');
  data
    .command('check')
    .description('which folder plays which role, counts, sizes, masks that are missing or do not fit, duplicates')
    .argument('<dir>', 'MVTec-AD, BTAD, VisA, magnetic tile, or a plain folder of normal pictures')
    .option('--json', 'one JSON document on standard output')
    .action(async (dir: string, { json = false }: { json?: boolean }) => {
      const report = await checkData(dir);
      answer(json, report, () => describeReport(report));
      if (report.problems.some(({ severity }) => severity === 'error')) process.exitCode = 2;
    });
  return data;
}
