import type { DiffADConfig } from '@diffad/diffad';
import { configOf } from '../ablation/methods.ts';
import { inferenceTime } from '../ablation/paper/inference-time.ts';
import { printed } from '../ablation/paper/paper-table.ts';
import { samplingSteps } from '../ablation/paper/sampling-steps.ts';
import { percent, setUp } from '../ablation/sections.ts';
import { summarise } from '../ablation/summary.ts';
import type { Section } from '../page/section.ts';
import type { ClassData } from '../store/class-data.ts';
import { counted, digits } from '../table.ts';
import { type StepsCell, withSteps } from './run.ts';
import { STAGES } from './stages.ts';
import type { Percentiles, Timing } from './timing.ts';

export interface StepsTable {
  readonly config: DiffADConfig;
  readonly classes: readonly Pick<ClassData, 'name' | 'size'>[];
  readonly seeds: number;
  readonly train: readonly number[];
  readonly test: readonly number[];
  readonly cells: readonly StepsCell[];
  readonly timings: readonly Timing[];
  /** Load average of the machine when timing ended: above its cores, times are too long. */
  readonly load: number;
}

/** Sampling steps at test in the paper. Supplementary 2.2. */
const PAPER_TEST = 5;

const pair = (times: Percentiles | undefined): string => (times ? `${digits(times.p50)} / ${digits(times.p90)}` : '-');

/** What a picture is compared with, and timed with. */
const redrawings = ({ config }: StepsTable): string => counted(config.sampling.redrawings, 'redrawing');

const namesOf = ({ classes }: StepsTable): string[] => classes.map(({ name }) => name);

function qualityRow(table: StepsTable, train: number, test: number): string[] {
  const cells = table.cells.filter((cell) => cell.train === train && cell.test === test);
  const paper = (column: string): string =>
    test === PAPER_TEST ? printed(samplingSteps.figure('average', `s${train} ${column}`)) : '-';
  return [
    `${train}`,
    `${test}`,
    percent(summarise(cells, 'imageAuroc')),
    paper('det'),
    percent(summarise(cells, 'pixelAuroc')),
    paper('auroc'),
    percent(summarise(cells, 'pixelAp')),
    paper('ap'),
    percent(summarise(cells, 'auPro')),
    percent(summarise(cells, 'controlPixelAp')),
    pair(table.timings.find(({ steps }) => steps === test)?.detect),
    setUp(withSteps(table.config, train, test), table.seeds, namesOf(table)),
  ];
}

const quality = (table: StepsTable): Section => ({
  title: 'Quality against sampling steps (table 4)',
  note: `The paper tests at 5 steps and prints means over the 15 classes of MVTec-AD. ms: all networks in one go, one picture at a time with ${redrawings(table)}.`,
  headers: [
    'train',
    'test',
    'image AUROC',
    'paper',
    'pixel AUROC',
    'paper',
    'pixel AP',
    'paper',
    'AU-PRO',
    'control: pixel AP',
    'ms p50 / p90',
    'set-up',
  ],
  rows: table.train.flatMap((train) => table.test.map((test) => qualityRow(table, train, test))),
});

const stages = (table: StepsTable): Section => ({
  title: 'Milliseconds by stage',
  note: `p50 / p90 per picture, one at a time with ${redrawings(table)}, every stage waited for. Segment reads the map back; draw makes the overlay with its outline and writes no file. The last column runs encode to segment without waiting in between.`,
  headers: ['test steps', ...STAGES, 'encode to segment'],
  rows: table.timings.flatMap(({ steps, stages: times, detect }) =>
    steps === null ? [] : [[`${steps}`, ...STAGES.map((stage) => pair(times[stage])), pair(detect)]],
  ),
});

/** The pair of step counts that stands for the method: the paper's where it was run. */
const chosen = (counts: readonly number[], wanted: number): number =>
  counts.includes(wanted) ? wanted : (counts.at(-1) as number);

function times(table: StepsTable): Section {
  const [train, test] = [chosen(table.train, 50), chosen(table.test, PAPER_TEST)];
  const of = (method: string): string[] => {
    const baseline = method === 'DRAEM';
    if (!baseline && method !== 'DiffAD') return ['-', '-', '-', '-'];
    const cells = table.cells.filter((cell) =>
      baseline ? cell.train === null : cell.train === train && cell.test === test,
    );
    const timing = table.timings.find(({ steps }) => steps === (baseline ? null : test));
    const seconds = timing ? (timing.detect.p50 / 1000).toFixed(3) : '-';
    return [
      seconds,
      ...(['imageAuroc', 'pixelAuroc', 'pixelAp'] as const).map((figure) => percent(summarise(cells, figure))),
    ];
  };
  return {
    title: 'Seconds per picture (table 5)',
    note: `Here: DiffAD trained with ${train} sampling steps and tested with ${test}; the networks alone, one picture at a time with ${redrawings(table)}. Paper: a V100, means over MVTec-AD.`,
    headers: [
      'method',
      'seconds',
      'paper',
      'image AUROC',
      'paper',
      'pixel AUROC',
      'paper',
      'pixel AP',
      'paper',
      'set-up',
    ],
    rows: inferenceTime.rows.map((method) => {
      const [seconds = '-', ...figures] = of(method);
      const paper = (column: string, places = 1): string => printed(inferenceTime.figure(method, column), places);
      const config = method === 'DRAEM' ? configOf(table.config, 'draem') : withSteps(table.config, train, test);
      return [
        method,
        seconds,
        paper('seconds', 2),
        ...['image auroc', 'pixel auroc', 'pixel ap'].flatMap((column, i) => [figures[i] ?? '-', paper(column)]),
        seconds === '-' ? 'paper only' : setUp(config, table.seeds, namesOf(table)),
      ];
    }),
  };
}

export const stepsSections = (table: StepsTable): Section[] => [quality(table), times(table), stages(table)];
