import { existsSync } from 'node:fs';
import { appendFile, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type LoadedFile, loadSafetensors, saveSafetensors } from '@diffad/nn';
import { parseConfig } from '../../config/resolve.ts';
import { fileProblem } from '../../image/node/image-file-error.ts';
import type { Checkpoint } from '../../train/checkpoint.ts';
import type { MetricsRecord } from '../../train/train.ts';
import { RunError, type RunSettings } from '../run-settings.ts';
import type { Split } from '../split.ts';
import { holdFolder } from './hold-folder.ts';
import { mustBeWritable, writeWhole } from './write-whole.ts';

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

function parsed<T>(text: string, file: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new RunError(`${file}: is not JSON; the run folder is damaged, train again`, { cause });
  }
}

/** The split kept in a run folder or beside a model file; undefined where there is none. Throws RunError for a damaged one. */
export async function splitOf(run: string): Promise<Split | undefined> {
  const file = join(run.endsWith('.safetensors') ? dirname(run) : run, 'split.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parsed<Split>(text, file);
}

/** The folder of one training run: settings, checkpoints, metrics, model. Files appear whole or not at all. */
export class RunFolder {
  readonly path: string;
  readonly settings: RunSettings;

  private constructor(path: string, settings: RunSettings) {
    this.path = path;
    this.settings = settings;
  }

  /** Throws RunError where the folder already holds a run, and one line where nothing can be written. */
  static async mustBeFree(path: string): Promise<void> {
    await mustBeWritable(path);
    if (existsSync(join(path, 'config.json')))
      throw new RunError(`${path}: already holds a run; continue it with --resume ${path}, or choose another folder`);
  }

  /** Starts a run. Throws RunError where the folder already holds one. */
  static async create(path: string, settings: RunSettings): Promise<RunFolder> {
    await RunFolder.mustBeFree(path);
    await writeWhole(join(path, 'config.json'), json(settings));
    return new RunFolder(path, settings);
  }

  /** Throws RunError where the folder holds no run, or one of another version. */
  static async open(path: string): Promise<RunFolder> {
    const file = join(path, 'config.json');
    const text = await readFile(file, 'utf8').catch((): never => {
      throw new RunError(
        `${path}: holds no run (config.json is missing); start one with diffad train DATA --out ${path}`,
      );
    });
    const settings = parsed<RunSettings>(text, file);
    if (settings.version !== 1)
      throw new RunError(
        `${file}: version ${settings.version} of the run folder, this program reads version 1; train again`,
      );
    return new RunFolder(path, { ...settings, config: parseConfig(settings.config, file) });
  }

  get modelPath(): string {
    return join(this.path, 'model.safetensors');
  }

  /** Keeps other programs from training in the folder until disposed. Throws RunError where one does. */
  hold(): Promise<AsyncDisposable> {
    return holdFolder(this.path);
  }

  write(name: string, value: unknown): Promise<void> {
    return writeWhole(join(this.path, name), json(value));
  }

  /** The new checkpoint stands before the old one goes. */
  async saveCheckpoint({ tensors, metadata }: Checkpoint, name: string): Promise<void> {
    const folder = join(this.path, 'checkpoints');
    const file = `${name}.safetensors`;
    try {
      await saveSafetensors(join(folder, file), tensors, metadata);
    } catch (cause) {
      throw fileProblem(join(folder, file), cause);
    }
    await this.write('checkpoints/latest.json', { file });
    for (const old of await readdir(folder))
      if (old.endsWith('.safetensors') && old !== file) await rm(join(folder, old), { force: true });
  }

  /** The last checkpoint; undefined where there is none yet. */
  async loadCheckpoint(): Promise<LoadedFile | undefined> {
    const pointer = join(this.path, 'checkpoints', 'latest.json');
    const latest = await readFile(pointer, 'utf8').catch(() => undefined);
    if (latest === undefined) return undefined;
    const file = join(this.path, 'checkpoints', parsed<{ file: string }>(latest, pointer).file);
    return loadSafetensors(file).catch((cause: NodeJS.ErrnoException): never => {
      throw cause.code === undefined ? cause : fileProblem(file, cause);
    });
  }

  async appendMetrics(record: MetricsRecord): Promise<void> {
    const file = join(this.path, 'metrics.jsonl');
    await appendFile(file, `${JSON.stringify(record)}\n`).catch((cause): never => {
      throw fileProblem(file, cause);
    });
  }

  /** All records; a last line that a crash cut off is left out. */
  async metrics(): Promise<MetricsRecord[]> {
    const file = join(this.path, 'metrics.jsonl');
    const text = await readFile(file, 'utf8').catch(() => '');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => parsed<MetricsRecord>(line, file));
  }

  /** Drops records that a resumed run will write again. */
  async keepMetrics(keep: (record: MetricsRecord) => boolean): Promise<void> {
    const kept = (await this.metrics()).filter(keep);
    await writeWhole(join(this.path, 'metrics.jsonl'), kept.map((record) => `${JSON.stringify(record)}\n`).join(''));
  }
}
