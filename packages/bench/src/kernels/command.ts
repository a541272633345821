import { presets } from '@diffad/diffad';
import { mustBeWritable } from '@diffad/diffad/node';
import { createDevice, type Variant } from '@diffad/tensor-core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { environment } from '../environment.ts';
import { mustName } from '../only.ts';
import { RESULTS, writeResults } from '../results.ts';
import type { Case } from './case.ts';
import { convolutions } from './cases/convolutions.ts';
import { maps } from './cases/maps.ts';
import { norms } from './cases/norms.ts';
import { products } from './cases/products.ts';
import { measure } from './measure.ts';
import { kernelSections } from './report.ts';

interface Options {
  readonly preset: string;
  readonly variant: readonly Variant[];
  readonly batch: number;
  readonly rounds: number;
  readonly only: string;
  readonly out: string;
}

export const count = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('a whole number >= 1 is needed.');
  return value;
};

const FAMILIES: readonly Variant[] = ['software', 'gpu'];

export const kernelsCommand = new Command('kernels')
  .description("time every heavy op at the networks' shapes, forward and gradients, on every kernel family")
  .addOption(new Option('--preset <name>', 'whose networks').choices(Object.keys(presets)).default('tiny'))
  .addOption(new Option('--variant <name...>', 'kernel families').choices(FAMILIES).default(FAMILIES))
  .option('--batch <n>', 'pictures at once', count, 8)
  .option('--rounds <n>', 'samples of each', count, 7)
  .option('--only <text>', 'ops whose name contains this', '')
  .option('--out <folder>', 'where results go', RESULTS)
  .action(run);

/** Where results go: those of a part of the ops or families do not replace those of all. */
export const resultName = ({ preset, variant, only }: Pick<Options, 'preset' | 'variant' | 'only'>): string => {
  const families = new Set(variant).size < FAMILIES.length ? variant.slice(0, 1) : [];
  const ops = only === '' ? [] : ['only', ...(only.match(/\w+/g) ?? [])];
  return ['kernels', preset, ...families, ...ops].join('-');
};

async function run({ preset, variant, batch, rounds, only, out }: Options): Promise<void> {
  const all = casesOf(preset, batch);
  mustName(
    only,
    'op',
    all.map(({ op }) => op),
  );
  const cases = all.filter(({ op }) => op.includes(only));
  await mustBeWritable(out);
  const devices = [];
  for (const name of variant) devices.push(await createDevice({ variant: name }));
  const [first, ...others] = devices;
  if (!first) throw new Error('--variant: name at least one kernel family.');
  const stamp = environment(first);
  const measured = await measure([first, ...others], cases, rounds, (line) => console.error(line));
  const name = resultName({ preset, variant, only });
  const content = { preset, batch, ...measured };
  console.log(await writeResults(out, name, stamp, content, kernelSections(measured)));
  for (const device of devices) device.destroy();
}

function casesOf(preset: string, batch: number): Case[] {
  const config = presets[preset];
  if (!config) throw new Error(`unknown preset ${preset}.`);
  return [convolutions, products, norms, maps].flatMap((make) => make(config, batch));
}
