import type { DiffADConfig } from '@diffad/diffad';
import type { Section } from '../page/section.ts';
import type { Cell, FigureName } from '../store/cell.ts';
import type { ClassData } from '../store/class-data.ts';
import { configOf, describeMethod, type Method, paperNames } from './methods.ts';
import { inPaper, paperFigure } from './paper/figure.ts';
import { printed } from './paper/paper-table.ts';
import { type Spread, summarise } from './summary.ts';

export interface AblationTable {
  readonly config: DiffADConfig;
  readonly classes: readonly Pick<ClassData, 'name' | 'size'>[];
  readonly methods: readonly Method[];
  readonly seeds: number;
  readonly cells: readonly Cell[];
}

/** `86.2 ± 1.4` in percent. */
export const percent = ({ mean, deviation }: Spread): string => shown(mean, deviation, 100);
const decibel = ({ mean, deviation }: Spread): string => shown(mean, deviation, 1);

const shown = (mean: number | null, deviation: number | null, unit: number): string => {
  if (mean === null) return '-';
  const spread = deviation === null ? '' : ` ± ${(deviation * unit).toFixed(1)}`;
  return (mean * unit).toFixed(1) + spread;
};

/** `tiny 64 px, 200 + 150 + 60 steps`: what a row of the table was trained as. */
export function trainedAs({ preset, method, size, patch, training, draem }: DiffADConfig): string {
  const { vae, diffusion, segment } = training;
  const steps = method === 'draem' ? `${draem.steps}` : `${vae.steps} + ${diffusion.steps} + ${segment.steps}`;
  return `${preset} ${size} px${patch ? ' windows' : ''}, ${steps} steps`;
}

/** `tiny 64 px, 200 + 150 + 60 steps, 2 seeds, tile + bark`: a row's training, and what its figures are the mean of. */
export const setUp = (config: DiffADConfig, seeds: number, classes: readonly string[]): string =>
  `${trainedAs(config)}, ${seeds} ${seeds === 1 ? 'seed' : 'seeds'}, ${classes.join(' + ')}`;

const HEADERS = [
  'method',
  'image AUROC',
  'paper',
  'pixel AUROC',
  'paper',
  'pixel AP',
  'paper',
  'AU-PRO',
  'PSNR inside',
  'PSNR outside',
  'control: image AUROC',
  'control: pixel AP',
  'set-up',
];

function methodRow(
  table: AblationTable,
  method: Method,
  cells: readonly Cell[],
  paperRow: string,
  names: readonly string[],
): string[] {
  const own = cells.filter((cell) => cell.method === method);
  const ours = (figure: FigureName): string => percent(summarise(own, figure));
  const theirs = (figure: FigureName): string => printed(paperFigure(method, paperRow, figure));
  return [
    `${method} (${paperNames[method]})`,
    ours('imageAuroc'),
    theirs('imageAuroc'),
    ours('pixelAuroc'),
    theirs('pixelAuroc'),
    ours('pixelAp'),
    theirs('pixelAp'),
    ours('auPro'),
    decibel(summarise(own, 'psnrInside')),
    decibel(summarise(own, 'psnrOutside')),
    ours('controlImageAuroc'),
    ours('controlPixelAp'),
    setUp(configOf(table.config, method), table.seeds, names),
  ];
}

function resultSection(table: AblationTable, names: readonly string[]): Section {
  const cells = table.cells.filter(({ className }) => names.includes(className));
  const single = names.length === 1 ? (names[0] as string) : null;
  const known = single !== null && inPaper(single);
  const size = table.classes.find(({ name }) => name === single)?.size;
  const paper = known ? `the same class of MVTec-AD.` : 'the mean over the 15 classes of MVTec-AD.';
  return {
    title: single ?? `Mean of ${names.length} classes`,
    note: `${single ? `${size}.` : 'Per seed the unweighted mean over classes.'} Paper: ${paper}`,
    headers: HEADERS,
    rows: table.methods.map((method) => methodRow(table, method, cells, known ? single : 'average', names)),
  };
}

function baselineSection({ classes, cells }: AblationTable): Section {
  const rows = classes.flatMap(({ name }) => {
    const { imageAuroc = {}, pixelAp = {} } = cells.find(({ className }) => className === name)?.baselines ?? {};
    const scores = [...new Set([...Object.keys(imageAuroc), ...Object.keys(pixelAp)])];
    const figure = (value: number | undefined): string => (value === undefined ? '-' : (100 * value).toFixed(1));
    return scores.map((score) => [name, score, figure(imageAuroc[score]), figure(pixelAp[score])]);
  });
  return {
    title: 'Trivial baselines',
    note: 'Scores that know nothing of defects. A method that does not beat them has learned nothing.',
    headers: ['class', 'score', 'image AUROC', 'pixel AP'],
    rows,
  };
}

/** The tables of an ablation: the mean over classes, each class, the trivial baselines, what the methods are. */
export function ablationSections(table: AblationTable): Section[] {
  const names = table.classes.map(({ name }) => name);
  const means = names.length > 1 ? [resultSection(table, names)] : [];
  return [
    ...means,
    ...names.map((name) => resultSection(table, [name])),
    baselineSection(table),
    {
      title: 'Methods',
      headers: ['method', 'paper', 'what it is'],
      rows: table.methods.map((method) => [method, paperNames[method], describeMethod(configOf(table.config, method))]),
    },
  ];
}
