import { stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { glob, isDynamicPattern } from 'tinyglobby';
import { DatasetError } from '../../data/dataset.ts';
import { isPicture, listPictures } from '../../data/node/list-pictures.ts';
import type { Image } from '../../image/image.ts';
import { readImage } from '../../image/node/read-image.ts';
import { type InspectOptions, inspectAll } from '../../inspect/inspect.ts';
import { type ResultRow, resultLine, resultRow, writeResults } from '../../inspect/node/results.ts';
import { writeInspection } from '../../inspect/node/write-inspection.ts';
import type { Model } from '../../model.ts';
import { mustBeWritable } from '../../run/node/write-whole.ts';
import { chunks } from '../../train/batch.ts';
import { count, decimal } from '../numbers.ts';
import { answer, fail, say } from '../output.ts';
import { withModel } from '../with-model.ts';

interface Options {
  readonly model: string;
  readonly out?: string;
  readonly steps?: number;
  readonly redrawings?: number;
  readonly threshold?: number;
  readonly tile?: true;
  readonly json?: true;
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('judge pictures: exit code 0 when all are good, 3 when one is not')
    .argument('<path...>', 'pictures, folders, or patterns such as "line/**/*.png"')
    .requiredOption('--model <run>', 'a run folder, or a model file')
    .option('--out <dir>', 'write results.csv, results.jsonl, heat maps, masks and panels')
    .option('--steps <n>', 'sampling steps; default the model’s', count)
    .option('--redrawings <n>', 'redrawings a picture is compared with; default the model’s', count)
    .option('--threshold <x>', 'overrides the calibrated threshold', decimal)
    .option('--tile', 'judge at native scale through overlapping windows')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

/** Pictures read, judged and written together: what memory holds at once. */
const BATCH = 8;

interface Picture {
  /** What the results call it. */
  readonly path: string;
  readonly file: string;
}

async function filesIn(path: string): Promise<{ folder: string; files: string[] }> {
  const info = await stat(path).catch(() => null);
  if (!info && isDynamicPattern(path)) return matching(path);
  if (!info) throw new DatasetError(`${path}: does not exist`);
  if (!info.isDirectory()) return { folder: dirname(path), files: [basename(path)] };
  const files = await listPictures(path);
  if (files.length === 0) throw new DatasetError(`${path}: holds no pictures (PNG, JPEG, BMP, TIFF, WebP)`);
  return { folder: path, files };
}

/** A pattern that no shell has expanded: Windows' never does, and no other one between quotes. */
async function matching(pattern: string): Promise<{ folder: string; files: string[] }> {
  const files = (await glob(pattern))
    .filter(isPicture)
    .map((file) => resolve(file))
    .sort();
  if (files.length === 0) throw new DatasetError(`${pattern}: matches no pictures (PNG, JPEG, BMP, TIFF, WebP)`);
  const folder = commonFolder(files.map((file) => dirname(file)));
  return { folder, files: files.map((file) => relative(folder, file)) };
}

/** Every picture once, named below the folder that holds all of them, so that equal names in two folders stay apart. */
async function picturesIn(paths: readonly string[]): Promise<Picture[]> {
  const found = await Promise.all(paths.map(filesIn));
  const above = commonFolder(found.map(({ folder }) => resolve(folder)));
  const files = found.flatMap(({ folder, files: names }) => names.map((name) => join(folder, name)));
  const once = new Map(files.map((file) => [resolve(file), file]));
  return [...once].map(([full, file]) => ({ path: relative(above, full).split(sep).join('/'), file }));
}

function commonFolder(folders: readonly string[]): string {
  const [first = [], ...others] = folders.map((folder) => folder.split(sep));
  const differs = first.findIndex((part, i) => others.some((parts) => parts[i] !== part));
  return (differs === -1 ? first : first.slice(0, differs)).join(sep) || sep;
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const pictures = await picturesIn(paths);
  if (options.out !== undefined) await mustBeWritable(options.out);
  const rows: ResultRow[] = [];
  await withModel(options.model, async (model) => {
    for (const group of chunks(pictures, BATCH)) rows.push(...(await inspectGroup(model, group, options)));
    if (options.out !== undefined) await writeResults(options.out, rows);
  });
  if (options.json) answer(true, rows, () => []);
  const unreadable = pictures.length - rows.length;
  const defective = rows.filter(({ verdict }) => verdict === 'NG').length;
  say(`${rows.length} pictures, ${defective} with defects${unreadable ? `, ${unreadable} could not be read` : ''}`);
  process.exitCode = unreadable > 0 ? 2 : defective > 0 ? 3 : 0;
}

async function inspectGroup(model: Model, group: readonly Picture[], options: Options): Promise<ResultRow[]> {
  const readable: { readonly path: string; readonly image: Image }[] = [];
  for (const { path, file } of group) {
    const image = await readImage(file).catch((cause: Error) => fail(cause.message));
    if (image) readable.push({ path, image });
  }
  const { steps, redrawings, threshold, tile } = options;
  const chosen: InspectOptions = {
    ...(steps && { steps }),
    ...(redrawings && { redrawings }),
    ...(threshold !== undefined && { threshold }),
    ...(tile && { tile }),
  };
  const images = readable.map(({ image }) => image);
  const rows: ResultRow[] = [];
  for (const [i, found] of (await inspectAll(model, images, chosen)).entries()) {
    const { path, image } = readable[i] as (typeof readable)[number];
    const row = resultRow(path, found);
    rows.push(row);
    if (!options.json) process.stdout.write(`${resultLine(row)}\n`);
    if (options.out !== undefined) await writeInspection(options.out, path, image, found, null);
  }
  return rows;
}
