import { presets } from '@diffad/diffad';
import { createDevice, type Variant } from '@diffad/tensor-core';
import { Command, InvalidArgumentError, Option } from 'commander';
import { environment } from '../environment.ts';
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

export const kernelsCommand = new Command('kernels')
  .description("time every heavy op at the networks' shapes, forward and gradients, on every kernel family")
  .addOption(new Option('--preset <name>', 'whose networks').choices(Object.keys(presets)).default('tiny'))
  .addOption(
    new Option('--variant <name...>', 'kernel families').choices(['software', 'gpu']).default(['software', 'gpu']),
  )
  .option('--batch <n>', 'pictures at once', count, 8)
  .option('--rounds <n>', 'samples of each', count, 7)
  .option('--only <text>', 'ops whose name contains this', '')
  .option('--out <folder>', 'where results go', RESULTS)
  .action(run);

async function run({ preset, variant, batch, rounds, only, out }: Options): Promise<void> {
  const devices = [];
  for (const name of variant) devices.push(await createDevice({ variant: name }));
  const [first, ...others] = devices;
  if (!first) throw new InvalidArgumentError('--variant: name at least one kernel family.');
  const cases = casesOf(preset, batch).filter(({ op }) => op.includes(only));
  const stamp = environment(first);
  const measured = await measure([first, ...others], cases, rounds, (line) => console.error(line));
  const name = `kernels-${preset}`;
  const content = { preset, batch, ...measured };
  console.log(writeResults(out, name, stamp, content, kernelSections(measured)));
  for (const device of devices) device.destroy();
}

function casesOf(preset: string, batch: number): Case[] {
  const config = presets[preset];
  if (!config) throw new InvalidArgumentError(`unknown preset ${preset}.`);
  return [convolutions, products, norms, maps].flatMap((make) => make(config, batch));
}
