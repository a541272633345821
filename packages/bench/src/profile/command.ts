import { join } from 'node:path';
import { presets } from '@diffad/diffad';
import { mustBeWritable, writeWhole } from '@diffad/diffad/node';
import { init } from '@diffad/tensor-core';
import { Command, Option } from 'commander';
import { type Environment, environment } from '../environment.ts';
import { count } from '../kernels/command.ts';
import { RESULTS, writeResults } from '../results.ts';
import { changes, readKernels } from './compare.ts';
import { type Profile, profileStep } from './profile.ts';
import { profileSections } from './report.ts';
import { rooflinePlot } from './roofline-plot.ts';
import { type ModelName, makeStep, models, type StepKind } from './step.ts';
import { makeFolderOf, traceEvents, writeTrace } from './trace.ts';

interface Options {
  readonly model: ModelName;
  readonly step: StepKind;
  readonly preset: string;
  readonly batch?: number;
  readonly rounds: number;
  readonly trace?: string;
  readonly compare?: string;
  readonly clock: 'gpu' | 'host';
  readonly out: string;
}

export const profileCommand = new Command('profile')
  .description('where the time and memory of one network go: kernels, layers, gaps, and which roof binds')
  .addOption(new Option('--model <name>', 'which network').choices([...models]).default('unet'))
  .addOption(new Option('--step <kind>', 'what it does').choices(['forward', 'train']).default('train'))
  .addOption(new Option('--preset <name>', 'whose networks').choices(Object.keys(presets)).default('tiny'))
  .option('--batch <n>', 'pictures at once; default those of its training stage', count)
  .option('--rounds <n>', 'samples, each with and without timing', count, 7)
  .option('--trace <file>', 'Chrome trace of one step, for Perfetto or speedscope')
  .option('--compare <file>', 'an older result (JSON) to set this one against')
  .addOption(new Option('--clock <name>', 'host times whole steps only').choices(['gpu', 'host']).default('gpu'))
  .option('--out <folder>', 'where results go', RESULTS)
  .action(run);

async function run(options: Options): Promise<void> {
  const { model, step: kind, preset, batch = 0, rounds, trace, compare, clock, out } = options;
  const config = presets[preset];
  if (!config) throw new Error(`unknown preset ${preset}.`);
  const older = compare === undefined ? undefined : readKernels(compare);
  await mustBeWritable(out);
  if (trace !== undefined) makeFolderOf(trace);
  const device = await init();
  const stamp = environment(device);
  const step = makeStep(config, model, kind, batch);
  const timestamps = clock === 'gpu' && device.info.features.timestamps;
  const { profile, timeline } = await profileStep(device, step, rounds, timestamps);
  step.dispose();
  const name = `profile-${preset}-${model}-${kind}`;
  await write(stamp, out, name, profile, older);
  if (trace !== undefined) await writeTrace(trace, traceEvents(timeline.timings, timeline.host));
  device.destroy();
}

async function write(
  stamp: Environment,
  out: string,
  name: string,
  profile: Profile,
  older?: Parameters<typeof changes>[0],
) {
  const compared = older && changes(older, profile.kernels);
  console.log(await writeResults(out, name, stamp, { profile }, profileSections(profile, compared)));
  if (profile.roofs)
    await writeWhole(join(out, `${name}.svg`), await rooflinePlot(name, profile.kernels, profile.roofs));
}
