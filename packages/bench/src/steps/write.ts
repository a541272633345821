import { join } from 'node:path';
import { writeWhole } from '@diffad/diffad/node';
import { differences } from '../ablation/differences.ts';
import type { Environment } from '../environment.ts';
import { pageHtml } from '../page/page.ts';
import { csv, sectionMarkdown } from '../page/section.ts';
import { stepsPlot } from './plot.ts';
import { withSteps } from './run.ts';
import { type StepsTable, stepsSections } from './sections.ts';

const TITLE = 'DiffAD against sampling steps';

const lead = ({ config, classes, timings, load }: StepsTable, stamp: Environment): string[] => [
  `Preset ${config.preset}, ${config.size} px, ${classes.map(({ name, size }) => `${name} (${size})`).join(', ')}. Train: DDIM steps behind the reconstructions the discriminator learns from. Test: DDIM steps when a picture is inspected. Areas in percent, mean ± sample standard deviation over seeds.`,
  `Times: ${timings[0]?.detect.count ?? 0} samples of each, step counts in turn, after a warm-up. ${stamp.adapter}, ${stamp.driver}, ${stamp.processor}, Node ${stamp.node}, commit ${stamp.commit}, ${stamp.date}, load average ${load.toFixed(1)}.`,
];

/** Writes steps.md, .csv, .jsonl, .svg, .html and the times as .json under `out`; returns the Markdown. */
export async function writeSteps(out: string, table: StepsTable, stamp: Environment): Promise<string> {
  const [train = 1, test = 1] = [table.train[0], table.test[0]];
  const sections = [...stepsSections(table), differences(withSteps(table.config, train, test))];
  const svg = await stepsPlot(table);
  const markdown = `${[`# ${TITLE}`, ...lead(table, stamp), '![quality against time](steps.svg)', ...sections.map(sectionMarkdown)].join('\n\n')}\n`;
  const file = (name: string, text: string): Promise<void> => writeWhole(join(out, `steps.${name}`), text);
  await file('md', markdown);
  await file('csv', stepsCsv(table));
  await file('jsonl', table.cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
  await file('svg', svg);
  await file('html', pageHtml({ title: TITLE, lead: lead(table, stamp), charts: [svg], sections }));
  await file(
    'json',
    `${JSON.stringify({ environment: stamp, load: table.load, config: table.config, timings: table.timings }, null, 1)}\n`,
  );
  return markdown;
}

/** One line per cell: quality as shares of 1, no times, so that two runs give the same bytes. */
export function stepsCsv({ cells }: StepsTable): string {
  const figures = ['imageAuroc', 'pixelAuroc', 'pixelAp', 'auPro', 'psnrInside', 'psnrOutside'] as const;
  return csv(
    ['class', 'seed', 'method', 'train', 'test', ...figures],
    cells.map((cell) => [
      cell.className,
      cell.seed,
      cell.method,
      cell.train,
      cell.test,
      ...figures.map((figure) => cell.figures[figure]),
    ]),
  );
}
