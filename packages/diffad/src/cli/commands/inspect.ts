import { stat } from 'node:fs/promises';
import { Command } from 'commander';
import type { Image } from '../../image/image.ts';
import { readFitting } from '../../image/node/read-fitting.ts';
import { type InspectOptions, inspectAll, thresholdOf } from '../../inspect/inspect.ts';
import { type FoundPicture, findPictures } from '../../inspect/node/find-pictures.ts';
import { addResult, beginResults } from '../../inspect/node/results.ts';
import { watchFolder } from '../../inspect/node/watch-folder.ts';
import { writeInspection } from '../../inspect/node/write-inspection.ts';
import { type ResultRow, resultLine, resultRow } from '../../inspect/result-row.ts';
import type { Model } from '../../model.ts';
import { stopOnInterrupt } from '../../run/node/stop-on-interrupt.ts';
import { mustBeWritable } from '../../run/node/write-whole.ts';
import { chunks } from '../../train/batch.ts';
import { count, decimal } from '../numbers.ts';
import { answer, fail, say, UsageError } from '../output.ts';
import { settingsNote } from '../settings-note.ts';
import { withModel } from '../with-model.ts';

interface Options {
  readonly model: string;
  readonly out?: string;
  readonly steps?: number;
  readonly redrawings?: number;
  readonly threshold?: number;
  readonly tile?: true;
  readonly watch?: true;
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
    .option('--tile', 'judge at native scale through overlapping windows, as --patch trains for')
    .option('--watch', 'go on with pictures that come to the folder, until Ctrl-C')
    .option('--json', 'one JSON document on standard output')
    .action(run);
}

/** Pictures read, judged and written together: what memory holds at once. */
const BATCH = 8;

async function run(paths: readonly string[], options: Options): Promise<void> {
  const { out, steps, redrawings, threshold, tile, watch } = options;
  const groups = watch ? await watched(paths, out) : chunks(await findPictures(paths, out), BATCH);
  if (out !== undefined) await mustBeWritable(out);
  const judging = { ...(steps && { steps }), ...(redrawings && { redrawings }), ...(tile && { tile }) };
  const answered: ResultRow[] = []; // a camera may go on for weeks: kept only where they are asked for
  let [pictures, judged, defective] = [0, 0, 0];
  await withModel(options.model, async (model) => {
    const limit = thresholdOf(model, options);
    const note = threshold === undefined ? settingsNote(model, judging) : null;
    if (note !== null) say(note);
    if (out !== undefined) await beginResults(out);
    for await (const group of groups) {
      const rows = await inspectGroup(model, group, { ...judging, threshold: limit }, options);
      pictures += group.length;
      judged += rows.length;
      defective += rows.filter(({ verdict }) => verdict === 'NG').length;
      if (options.json) answered.push(...rows);
    }
  });
  if (options.json) answer(true, answered, () => []);
  const unreadable = pictures - judged;
  say(`${judged} pictures, ${defective} with defects${unreadable ? `, ${unreadable} could not be read` : ''}`);
  process.exitCode = unreadable > 0 ? 2 : defective > 0 ? 3 : 0;
}

/** What comes to the one folder named. */
async function watched(paths: readonly string[], out: string | undefined): Promise<AsyncIterable<FoundPicture[]>> {
  const [folder = ''] = paths;
  if (paths.length > 1 || !(await stat(folder).catch(() => null))?.isDirectory())
    throw new UsageError(`inspect: --watch takes one folder, got ${paths.join(', ')}`);
  const { signal } = stopOnInterrupt(say, 'these pictures');
  say(`watching ${folder}; Ctrl-C ends`);
  return watchFolder(folder, { out, group: BATCH, signal });
}

async function inspectGroup(
  model: Model,
  group: readonly FoundPicture[],
  judging: InspectOptions,
  { out, json }: Options,
): Promise<ResultRow[]> {
  const readable: { readonly path: string; readonly image: Image }[] = [];
  for (const { path, file } of group) {
    const image = await readFitting(file, model.region).catch((cause: Error) => fail(cause.message));
    if (image) readable.push({ path, image });
  }
  const images = readable.map(({ image }) => image);
  const rows: ResultRow[] = [];
  for (const [i, found] of (await inspectAll(model, images, judging)).entries()) {
    const { path, image } = readable[i] as (typeof readable)[number];
    const row = resultRow(path, found);
    rows.push(row);
    if (!json) process.stdout.write(`${resultLine(row)}\n`);
    if (out === undefined) continue;
    await writeInspection(out, path, image, found, null);
    await addResult(out, row);
  }
  return rows;
}
