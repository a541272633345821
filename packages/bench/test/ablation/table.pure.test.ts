import { type DiffADConfig, presets } from '@diffad/diffad';
import { expect, test } from 'vitest';
import { configOf, describeMethod, methodNames } from '../../src/ablation/methods.ts';
import { type AblationTable, ablationSections } from '../../src/ablation/sections.ts';
import { spreadOf, summarise } from '../../src/ablation/summary.ts';
import { ablationCsv } from '../../src/ablation/write.ts';
import type { Cell } from '../../src/store/cell.ts';

const cell = (className: string, method: string, seed: number, imageAuroc: number): Cell => ({
  key: `${className} ${method} ${seed}`,
  className,
  seed,
  method,
  figures: {
    imageAuroc,
    pixelAuroc: 0.9,
    pixelAp: null,
    auPro: 0.5,
    psnrInside: 12.34,
    psnrOutside: 30,
    controlImageAuroc: null,
    controlPixelAp: 0.25,
  },
  baselines: { imageAuroc: { brightness: 0.5 }, pixelAp: {} },
  maskMode: 'gt0.5',
  adapter: 'a',
  driver: 'd',
  commit: 'c',
});

const table: AblationTable = {
  config: presets.tiny as DiffADConfig,
  classes: [
    { name: 'carpet', size: '280 normal, 117 test pictures' },
    { name: 'bolts', size: '10 normal, 10 test pictures' },
  ],
  methods: methodNames,
  seeds: 2,
  cells: methodNames.flatMap((method) => [
    cell('carpet', method, 0, 0.8),
    cell('carpet', method, 1, 0.9),
    cell('bolts', method, 0, 0.6),
    cell('bolts', method, 1, 0.9),
  ]),
};

const rowOf = (title: string, method: string): Record<string, string | undefined> => {
  const section = ablationSections(table).find((one) => one.title === title);
  const row = section?.rows.find(([name]) => name?.startsWith(`${method} `));
  return Object.fromEntries(
    section?.headers.map((header, i) => [`${header}${header === 'paper' ? i : ''}`, row?.[i]]) ?? [],
  );
};

test('a class of the paper stands beside its figures, with their marks', () => {
  expect(rowOf('carpet', 'full')).toMatchObject({
    'image AUROC': '85.0 ± 7.1',
    paper2: '98.3 (inferred point)',
    paper4: '98.1',
    'pixel AP': '-',
    paper6: '74.1',
    'PSNR inside': '12.3 ± 0.0',
    'control: image AUROC': '-',
    'control: pixel AP': '25.0 ± 0.0',
    'set-up': 'tiny 64 px, 800 + 800 + 4000 steps, 2 seeds, carpet',
  });
  expect(rowOf('carpet', 'draem')).toMatchObject({ paper2: '97.0', paper4: '95.5', paper6: '53.5' });
});

test('a class that the paper does not have stands beside the paper’s mean, and says so', () => {
  expect(rowOf('bolts', 'full')).toMatchObject({ 'image AUROC': '75.0 ± 21.2', paper2: '98.7', paper4: '98.3' });
  const notes = Object.fromEntries(ablationSections(table).map(({ title, note }) => [title, note]));
  expect(notes.bolts).toContain('Paper: the mean over the 15 classes');
  expect(notes.carpet).toContain('Paper: the same class');
});

test('the mean over classes is taken per seed, beside the paper’s mean', () => {
  expect(rowOf('Mean of 2 classes', 'c')).toMatchObject({
    'image AUROC': '80.0 ± 14.1',
    paper2: '95.8',
    paper4: '93.9 (inferred point)',
    'set-up': 'tiny 64 px, 800 + 800 + 4000 steps, 2 seeds, carpet + bolts',
  });
});

test('the comma-separated table has the same figures as shares', () => {
  const lines = ablationCsv(table).split('\n');
  expect(lines).toContainEqual(
    expect.stringMatching(
      /^carpet,full,imageAuroc,0\.85\d*,0\.0707\d*,2,0\.983,point,"tiny 64 px, 800 \+ 800 \+ 4000 steps"$/,
    ),
  );
  expect(lines.filter((line) => line.includes(',pixelAp,'))).toEqual([]);
});

test('what a method is says how often it samples and redraws, whatever the preset', () => {
  const described = (config: DiffADConfig): string => describeMethod(configOf(config, 'full'));
  expect(described(presets.tiny as DiffADConfig)).toContain('from noise in 1 step, 1 in training, 4 redrawings;');
  expect(described(presets.paper as DiffADConfig)).toContain('from noise in 5 steps, 50 in training, 1 redrawing;');
});

test('no spread from one seed, no mean from none', () => {
  expect(spreadOf([0.5])).toEqual({ mean: 0.5, deviation: null, seeds: 1 });
  expect(spreadOf([])).toEqual({ mean: null, deviation: null, seeds: 0 });
  expect(summarise(table.cells, 'pixelAp').mean).toBeNull();
});
