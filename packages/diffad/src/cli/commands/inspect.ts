import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { init } from '@diffad/tensor-core';
import { Command } from 'commander';
import { DatasetError } from '../../data/dataset.ts';
import { listPictures } from '../../data/node/list-pictures.ts';
import { readImage } from '../../image/node/read-image.ts';
import { inspect } from '../../inspect/inspect.ts';
import { type ResultRow, resultLine, resultRow, writeResults } from '../../inspect/node/results.ts';
import { writeInspection } from '../../inspect/node/write-inspection.ts';
import { loadModel } from '../../model.ts';
import { decimal, integer } from '../numbers.ts';
import { answer, fail, say } from '../output.ts';

interface Options {
  readonly model: string;
  readonly out?: string;
  readonly steps?: number;
  readonly threshold?: number;
  readonly tile?: true;
  readonly json?: true;
}

export function inspectCommand(): Command {
  return new Command('inspect')
    .description('judge pictures: exit code 0 when all are good, 3 when one is not')
    .argument('<path...>', 'pictures or folders')
    .requiredOption('--model <run>', 'a run folder, or a model file')
    .option('--out <dir>', 'write results.csv, results.jsonl, heat maps, masks and panels')
    .option('--steps <n>', 'sampling steps; default the model’s', integer)
    .option('--threshold <x>', 'overrides the calibrated threshold', decimal)
    .option('--tile', 'judge at native scale through overlapping windows')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

interface Picture {
  readonly root: string;
  readonly path: string;
}

async function picturesIn(path: string): Promise<Picture[]> {
  const info = await stat(path).catch((): never => {
    throw new DatasetError(`${path}: does not exist`);
  });
  if (!info.isDirectory()) return [{ root: dirname(path), path: basename(path) }];
  const files = await listPictures(path);
  if (files.length === 0) throw new DatasetError(`${path}: holds no pictures (PNG, JPEG, BMP, TIFF, WebP)`);
  return files.map((file) => ({ root: path, path: file }));
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  const pictures = (await Promise.all(paths.map(picturesIn))).flat();
  const device = await init();
  const model = await loadModel(options.model);
  const { steps, threshold, tile } = options;
  const chosen = { ...(steps && { steps }), ...(threshold !== undefined && { threshold }), ...(tile && { tile }) };
  const rows: ResultRow[] = [];
  let unreadable = 0;
  try {
    for (const { root, path } of pictures) {
      const image = await readImage(join(root, path)).catch((cause: Error) => {
        fail(cause.message);
        unreadable++;
        return null;
      });
      if (!image) continue;
      const found = await inspect(model, image, chosen);
      const row = resultRow(path, found);
      rows.push(row);
      if (!options.json) process.stdout.write(`${resultLine(row)}\n`);
      if (options.out !== undefined) await writeInspection(options.out, path, image, found, null);
    }
    if (options.out !== undefined) await writeResults(options.out, rows);
  } finally {
    model.dispose();
    device.destroy();
  }
  if (options.json) answer(true, rows, () => []);
  const defective = rows.filter(({ verdict }) => verdict === 'NG').length;
  say(`${rows.length} pictures, ${defective} with defects${unreadable ? `, ${unreadable} could not be read` : ''}`);
  process.exitCode = unreadable > 0 ? 2 : defective > 0 ? 3 : 0;
}
