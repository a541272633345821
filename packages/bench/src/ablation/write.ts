import { join } from 'node:path';
import { writeWhole } from '@diffad/diffad/node';
import { pageHtml } from '../page/page.ts';
import { csv, sectionMarkdown } from '../page/section.ts';
import type { FigureName } from '../store/cell.ts';
import { differences } from './differences.ts';
import { configOf, type Method } from './methods.ts';
import { inPaper, paperFigure } from './paper/figure.ts';
import { ablationPlot } from './plot.ts';
import { type AblationTable, ablationSections, trainedAs } from './sections.ts';
import { summarise } from './summary.ts';

const TITLE = 'Ablation of DiffAD';

const FIGURES: readonly FigureName[] = [
  'imageAuroc',
  'pixelAuroc',
  'pixelAp',
  'auPro',
  'psnrInside',
  'psnrOutside',
  'controlImageAuroc',
  'controlPixelAp',
];

/** What a reader must know before the first figure. */
function lead({ config, seeds, cells }: AblationTable): string[] {
  const places = [...new Set(cells.map(({ adapter, driver, commit }) => `${adapter}, ${driver}, commit ${commit}`))];
  return [
    `Preset ${config.preset}, ${config.size} px, ${seeds === 1 ? 'seed 0' : `seeds 0 to ${seeds - 1}`}. Areas in percent, mean ± sample standard deviation over seeds; PSNR in dB of the reconstruction against the picture, inside and outside the defects. AU-PRO up to a false positive rate of 0.3. Masks: ${cells[0]?.maskMode}.`,
    'Control: the same discriminator is shown the autoencoder’s copy D(c) where the reconstruction should be. Where it does as well, the UNet does nothing.',
    'The paper’s columns are the reference, not the aim of this run: full-size networks on MVTec-AD. Marks: “inferred digit” was illegible and follows from the column’s mean, “inferred point” lost its decimal point in the scan, “suspect” contradicts its own table.',
    `Measured on ${places.join('; ')}.`,
  ];
}

/** Writes ablation.md, .csv, .jsonl, .html and the configuration under `out`; returns the Markdown. The same cells give the same bytes. */
export async function writeAblation(out: string, table: AblationTable): Promise<string> {
  const sections = [...ablationSections(table), differences(table.config)];
  const markdown = `${[`# ${TITLE}`, ...lead(table), ...sections.map(sectionMarkdown)].join('\n\n')}\n`;
  const html = pageHtml({ title: TITLE, lead: lead(table), charts: [await ablationPlot(table)], sections });
  const file = (name: string, text: string): Promise<void> => writeWhole(join(out, `ablation.${name}`), text);
  await file('md', markdown);
  await file('csv', ablationCsv(table));
  await file('jsonl', table.cells.map((cell) => `${JSON.stringify(cell)}\n`).join(''));
  await file('html', html);
  await file('config.json', `${JSON.stringify(table.config, null, 2)}\n`);
  return markdown;
}

/** One line per class, method and figure; areas as shares of 1. */
export function ablationCsv(table: AblationTable): string {
  const names = table.classes.map(({ name }) => name);
  const groups = [...names.map((name) => [name]), ...(names.length > 1 ? [names] : [])];
  const rows = groups.flatMap((group) =>
    table.methods.flatMap((method) => FIGURES.map((figure) => rowOf(table, group, method, figure))),
  );
  return csv(
    ['class', 'method', 'figure', 'mean', 'deviation', 'seeds', 'paper', 'paper mark', 'trained as'],
    rows.filter(([, , , mean]) => mean !== null),
  );
}

function rowOf(
  { cells, config }: AblationTable,
  group: readonly string[],
  method: Method,
  figure: FigureName,
): (string | number | null)[] {
  const own = cells.filter((cell) => cell.method === method && group.includes(cell.className));
  const { mean, deviation, seeds } = summarise(own, figure);
  const row = group.length === 1 ? (group[0] as string) : 'average';
  const paper = paperFigure(method, inPaper(row) ? row : 'average', figure);
  const share = paper ? Number((paper.value / 100).toFixed(4)) : null;
  const setUp = trainedAs(configOf(config, method));
  return [row, method, figure, mean, deviation, seeds, share, paper?.mark ?? null, setUp];
}
