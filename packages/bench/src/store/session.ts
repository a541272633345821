import { join, resolve } from 'node:path';
import { type DiffADConfig, Interrupted, type MaskMode, presets, resolveConfig } from '@diffad/diffad';
import { mustBeWritable, readOverrides, stopOnInterrupt } from '@diffad/diffad/node';
import { type Device, init } from '@diffad/tensor-core';
import { type Command, Option } from 'commander';
import { environment } from '../environment.ts';
import { count } from '../kernels/command.ts';
import { type ClassData, openClass } from './class-data.ts';
import { Evaluator } from './evaluator.ts';
import { fingerprintFolder } from './fingerprint.ts';
import { progressLines } from './progress.ts';
import { Store } from './store.ts';
import { Trainer } from './trainer.ts';

/** What every table of trained networks is asked with. */
export interface SessionOptions {
  readonly preset: string;
  readonly config?: string;
  readonly set: readonly string[];
  readonly data: readonly string[];
  readonly textures?: string;
  readonly seeds: number;
  readonly maskMode: MaskMode;
  readonly saveEvery: number;
  readonly out: string;
  readonly store?: string;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

/** Adds the options above to a command; results go to `out` by default. */
export const sessionOptions = (command: Command, out: string): Command =>
  command
    .addOption(new Option('--preset <name>', 'sizes and lengths').choices(Object.keys(presets)).default('tiny'))
    .option('--config <file>', 'JSON whose values replace the preset’s')
    .option('--set <key=value>', 'one value, e.g. training.vae.steps=200; may be repeated', collect, [])
    .requiredOption('--data <class...>', 'data sets, or generated:woven, generated:brushed, generated:speckled')
    .option('--textures <dir>', 'pictures to paste as simulated defects; without, made-up ones')
    .option('--seeds <n>', 'trainings of each, seeds 0 to n - 1', count, 1)
    .addOption(
      new Option('--mask-mode <rule>', 'when a resized mask pixel is defective')
        .choices(['diffad', 'nearest', 'gt0.5', 'any'])
        .default('gt0.5'),
    )
    .option('--save-every <seconds>', 'between checkpoints', count, 30)
    .option('--out <folder>', 'where the tables go', out)
    .option('--store <folder>', 'where trained networks and finished cells are kept; default OUT/store');

/** Everything a table is made with. */
export interface Session {
  readonly device: Device;
  readonly config: DiffADConfig;
  readonly classes: readonly ClassData[];
  readonly trainer: Trainer;
  readonly evaluator: Evaluator;
}

export const say = (line: string): void => void process.stderr.write(`${line}\n`);

/** Opens data and store and runs `work`. On Ctrl-C the training that runs saves its state; the same command goes on. */
export async function withSession(options: SessionOptions, work: (session: Session) => Promise<void>): Promise<void> {
  await mustBeWritable(options.out);
  const device = await init();
  using stop = stopOnInterrupt(say);
  try {
    await work(await open(options, device, stop.signal));
  } catch (error) {
    if (!(error instanceof Interrupted)) throw error;
    say(`${error.message}; the same command goes on`);
    process.exitCode = 2;
  } finally {
    device.destroy();
  }
}

async function open(options: SessionOptions, device: Device, signal: AbortSignal): Promise<Session> {
  const store = new Store(resolve(options.store ?? join(options.out, 'store')));
  const { textures, maskMode, saveEvery } = options;
  const trainer = new Trainer({
    store,
    textures:
      textures === undefined ? null : { folder: resolve(textures), fingerprint: await fingerprintFolder(textures) },
    saveEvery,
    signal,
    onProgress: progressLines(say),
    onPart: ({ stage, key }) => say(`training ${stage} ${key}`),
  });
  const classes: ClassData[] = [];
  for (const source of options.data) classes.push(await openClass(source, store.made));
  const names = classes.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`--data: two classes are named ${twice}; give them different folder names`);
  return {
    device,
    config: await configFrom(options),
    classes,
    trainer,
    evaluator: new Evaluator(store, trainer, maskMode, environment(device)),
  };
}

/** Preset, then file, then `--set`: the last wins. */
const configFrom = async ({ preset, config, set }: SessionOptions): Promise<DiffADConfig> =>
  resolveConfig({ preset, assignments: set, ...(config !== undefined && { overrides: await readOverrides(config) }) });
