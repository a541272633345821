import { resolve } from 'node:path';
import { init } from '@diffad/tensor-core';
import { Command, Option } from 'commander';
import { readOverrides } from '../../config/node/read-overrides.ts';
import { presets } from '../../config/presets.ts';
import { resolveConfig } from '../../config/resolve.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { variantNames } from '../../config/variants.ts';
import { calibrationOf } from '../../run/node/calibration-of.ts';
import { RunFolder } from '../../run/node/run-folder.ts';
import { stopOnInterrupt } from '../../run/node/stop-on-interrupt.ts';
import { resumeRun, startRun, type TrainRunOptions } from '../../run/node/train-run.ts';
import type { StageName } from '../../train/stage.ts';
import { stagesOf } from '../../train/stages.ts';
import { Interrupted } from '../../train/train.ts';
import { integer } from '../numbers.ts';
import { answer, say, UsageError } from '../output.ts';
import { estimateLine, progressReporter } from '../progress.ts';

interface Options {
  readonly out?: string;
  readonly preset?: string;
  readonly variant?: string;
  readonly method?: 'diffad' | 'draem';
  readonly config?: string;
  readonly set: readonly string[];
  readonly seed: number;
  readonly stage: string;
  readonly steps?: string;
  readonly textures?: string;
  readonly region?: string;
  readonly from?: string;
  readonly autoencoder?: string;
  readonly patch?: true;
  readonly resume?: string;
  readonly json?: true;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

export function trainCommand(): Command {
  return new Command('train')
    .description('learn what is normal from a folder of good parts')
    .argument('[dir]', 'the data set; diffad data check says which folder plays which role')
    .option('--out <run>', 'the run folder to make')
    .addOption(new Option('--preset <name>', 'sizes and lengths').choices(Object.keys(presets)).default('tiny'))
    .addOption(new Option('--variant <name>', 'one of the ablation').choices(variantNames))
    .addOption(new Option('--method <name>', 'diffad, or the baseline').choices(['diffad', 'draem']))
    .option('--config <file>', 'JSON whose values replace the preset')
    .option('--set <key=value>', 'one value, e.g. unet.channels=64; may be repeated', collect, [])
    .option('--patch', 'learn and judge windows at native scale, for textures and large pictures')
    .option('--seed <n>', 'same seed, same bits', integer, 0)
    .addOption(
      new Option('--stage <name>', 'stop after this stage')
        .choices(['vae', 'diffusion', 'segment', 'all'])
        .default('all'),
    )
    .option('--steps <list>', 'steps per stage, e.g. vae=400,diffusion=800,segment=300')
    .option('--textures <dir>', 'pictures to paste as simulated defects; without, made-up ones')
    .option('--region <file>', 'a picture that is white where parts are judged; what lies elsewhere is not looked at')
    .option('--from <run>', 'start from the networks of this run or model file and train them on')
    .addOption(
      new Option(
        '--autoencoder <run>',
        'start from the autoencoder of this run or model file alone; --steps vae=0 keeps it as it is',
      ).conflicts('from'),
    )
    .option('--resume <run>', 'go on with a stopped run, to the same bits')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

async function run(dir: string | undefined, options: Options, command: Command): Promise<void> {
  const out = options.resume ?? options.out;
  if (out === undefined) throw new UsageError('train: say where the run goes, e.g. --out runs/first');
  if (options.resume !== undefined) refuseOthers(dir, command);
  const device = await init();
  say(`adapter: ${device.info.adapter} (${device.info.reason})`);
  using stop = stopOnInterrupt(say);
  const progress = progressReporter();
  const onRoles = (roles: readonly string[]): void => roles.forEach(say);
  const shared: TrainRunOptions = { signal: stop.signal, onProgress: progress.show, onRoles };
  try {
    const model = await (options.resume === undefined
      ? begin(dir, out, options, shared)
      : goOn(options.resume, options.stage, shared));
    progress.end();
    const threshold = (model.calibration ?? (await calibrationOf(out)))?.threshold ?? null;
    answer(options.json === true, { run: out, threshold }, () => [
      threshold === null
        ? `${out}: stopped after the stage; go on with diffad train --resume ${out}`
        : `${out}: trained, threshold ${threshold.toFixed(3)}; inspect with diffad inspect PICTURES --model ${out}`,
    ]);
    model.dispose();
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    progress.end();
    say(`${error.message}; go on with: diffad train --resume ${out}`);
    process.exitCode = 2;
  } finally {
    device.destroy();
  }
}

/** The stages of a method up to the one named; all of them for `all`. */
function upTo(stage: string, config: DiffADConfig): readonly StageName[] {
  const stages = stagesOf(config);
  if (stage === 'all') return stages;
  if (config.method === 'draem')
    throw new UsageError(`train: --stage ${stage} belongs to method diffad; draem has one stage, leave it out`);
  return stages.slice(0, stages.indexOf(stage as StageName) + 1);
}

async function goOn(path: string, stage: string, shared: TrainRunOptions) {
  const { settings } = await RunFolder.open(path);
  return resumeRun(path, { ...shared, stages: upTo(stage, settings.config) });
}

/** A run goes on as it was begun: what would be ignored is refused. */
function refuseOthers(dir: string | undefined, command: Command): void {
  const given = Object.keys(command.opts()).filter((name) => command.getOptionValueSource(name) === 'cli');
  const others = given.filter((name) => !['resume', 'stage', 'json'].includes(name)).map((name) => `--${name}`);
  if (dir !== undefined) others.unshift(dir);
  if (others.length > 0)
    throw new UsageError(`train: --resume goes on with the settings of the run; leave out ${others.join(', ')}`);
}

async function begin(dir: string | undefined, out: string, options: Options, shared: TrainRunOptions) {
  if (dir === undefined) throw new UsageError('train: name the folder of the data set, or --resume a run');
  const config = await configOf(options);
  const stages = upTo(options.stage, config);
  const textures = options.textures === undefined ? null : resolve(options.textures);
  const settings = {
    version: 1 as const,
    data: resolve(dir),
    textures,
    ...(options.region !== undefined && { region: resolve(options.region) }),
    seed: options.seed,
    config,
    ...(options.from !== undefined && { from: resolve(options.from) }),
    ...(options.autoencoder !== undefined && { autoencoder: resolve(options.autoencoder) }),
  };
  return startRun(out, settings, { ...shared, stages, onEstimate: (estimate) => say(estimateLine(estimate)) });
}

/** Preset, then file, then flags: the last wins. */
async function configOf({ preset, variant, config, method, patch, set, steps }: Options): Promise<DiffADConfig> {
  const lengths = steps?.split(',').map(stageLength) ?? [];
  const flags = [
    ...(method ? [`method=${method}`] : []),
    ...(patch ? ['patch={"overlap":0.25}'] : []),
    ...lengths.map(({ stage, count }) => `${stage === 'draem' ? stage : `training.${stage}`}.steps=${count}`),
  ];
  const resolved = resolveConfig({
    ...(preset !== undefined && { preset }),
    ...(variant !== undefined && { variant }),
    ...(config !== undefined && { overrides: await readOverrides(config) }),
    assignments: [...flags, ...set],
  });
  const stages = stagesOf(resolved);
  const foreign = lengths.find(({ stage }) => !stages.includes(stage));
  if (foreign)
    throw new UsageError(
      `train: --steps ${foreign.stage}=${foreign.count}: method ${resolved.method} has no such stage; it has ${stages.join(', ')}`,
    );
  return resolved;
}

/** One `stage=N` of `--steps`. */
function stageLength(text: string): { stage: StageName; count: string } {
  const [, stage, count] = /^(vae|diffusion|segment|draem)=(\d+)$/.exec(text) ?? [];
  if (!stage || !count)
    throw new UsageError(`--steps ${text}: expected vae=N, diffusion=N, segment=N or draem=N, separated by commas`);
  return { stage: stage as StageName, count };
}
