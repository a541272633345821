import { type DiffADConfig, presets } from '@diffad/diffad';
import { expect, test } from 'vitest';
import { stepsPlot } from '../../src/steps/plot.ts';
import { type StepsCell, withSteps } from '../../src/steps/run.ts';
import { type StepsTable, stepsSections } from '../../src/steps/sections.ts';
import { stepsCsv } from '../../src/steps/write.ts';
import { type Origin, partKey } from '../../src/store/keys.ts';

const cell = (train: number | null, test: number | null, seed: number, pixelAp: number): StepsCell => ({
  key: `${train} ${test} ${seed}`,
  className: 'bolts',
  seed,
  method: train === null ? 'draem' : 'full',
  train,
  test,
  figures: {
    imageAuroc: 0.75,
    pixelAuroc: 0.9,
    pixelAp,
    auPro: 0.5,
    psnrInside: 10,
    psnrOutside: 20,
    controlImageAuroc: null,
    controlPixelAp: null,
  },
  baselines: { imageAuroc: {}, pixelAp: {} },
  maskMode: 'gt0.5',
  adapter: 'a',
  driver: 'd',
  commit: 'c',
});
const times = (p50: number) => ({ p50, p90: 2 * p50, count: 4 });

const config = presets.tiny as DiffADConfig;
const table: StepsTable = {
  config,
  classes: [{ name: 'bolts', size: '10 normal, 10 test pictures' }],
  seeds: 2,
  train: [10, 20],
  test: [1, 5],
  cells: [0, 1].flatMap((seed) => [
    ...[10, 20].flatMap((train) => [1, 5].map((test) => cell(train, test, seed, 0.1 * (seed + 1)))),
    cell(null, null, seed, 0.4),
  ]),
  timings: [
    { steps: 1, stages: { denoise: times(8) }, detect: times(40) },
    { steps: 5, stages: { denoise: times(40) }, detect: times(80) },
    { steps: null, stages: {}, detect: times(15) },
  ],
  load: 1,
};
const rows = (start: string): readonly (readonly string[])[] =>
  stepsSections(table).find(({ title }) => title.startsWith(start))?.rows ?? [];

test('quality stands beside the paper’s mean of the same training steps where the paper tests', () => {
  const found = rows('Quality');
  expect(found.map((row) => row.slice(0, 8))).toEqual([
    ['10', '1', '75.0 ± 0.0', '-', '90.0 ± 0.0', '-', '15.0 ± 7.1', '-'],
    ['10', '5', '75.0 ± 0.0', '98.2', '90.0 ± 0.0', '97.6', '15.0 ± 7.1', '71.7'],
    ['20', '1', '75.0 ± 0.0', '-', '90.0 ± 0.0', '-', '15.0 ± 7.1', '-'],
    ['20', '5', '75.0 ± 0.0', '98.3', '90.0 ± 0.0', '97.9 (inferred point)', '15.0 ± 7.1', '72.5'],
  ]);
  expect(found[0]?.at(-1)).toBe('tiny 64 px, 800 + 800 + 4000 steps, 2 seeds, bolts');
  expect(found[1]?.at(-2)).toBe('80.0 / 160');
});

test('seconds stand beside the paper’s, which keep their mark', () => {
  const [diffad, draem, padim] = rows('Seconds');
  expect(diffad?.slice(0, 5)).toEqual(['DiffAD', '0.080', '0.10 (reported)', '75.0 ± 0.0', '98.7']);
  expect(draem?.slice(0, 3)).toEqual(['DRAEM', '0.015', '0.01']);
  expect(padim?.slice(0, 4)).toEqual(['PaDiM', '-', '0.19', '-']);
});

test('every table with times says how many redrawings they are of', () => {
  for (const { note } of stepsSections(table)) expect(note).toContain('at a time with 4 redrawings');
});

test('training steps share the autoencoder and the UNet, test steps the discriminator too', () => {
  const origin: Origin = { seed: 0, pictures: 'p', textures: null };
  const configs = [10, 20].flatMap((train) => [1, 5, 50].map((steps) => withSteps(config, train, steps)));
  const distinct = (stage: 'vae' | 'diffusion' | 'segment'): number =>
    new Set(configs.map((one) => partKey(stage, one, origin))).size;
  expect([distinct('vae'), distinct('diffusion'), distinct('segment')]).toEqual([1, 1, 2]);
});

test('the plot names every series and every number of test steps', async () => {
  const svg = await stepsPlot(table);
  for (const text of ['trained with 10 steps', 'trained with 20 steps', 'DRAEM', '>1<', '>5<'])
    expect(svg).toContain(text);
});

test('the comma-separated table holds quality alone', () => {
  const [header, first] = stepsCsv(table).split('\n');
  expect(header).not.toMatch(/second|ms/);
  expect(first).toBe('bolts,0,full,10,1,0.75,0.9,0.1,0.5,10,20');
});
