import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { RunError } from '../run-settings.ts';
import { knownTo } from '../split.ts';
import { RunFolder, splitOf } from './run-folder.ts';

/** Throws RunError where a run has learnt from some of the pictures: their scores would put its threshold too low. Of a model file nothing is known. */
export async function mustBeUnseen(files: readonly string[], run: string): Promise<void> {
  const split = await splitOf(run);
  if (!split || !existsSync(join(run, 'config.json'))) return;
  const { settings } = await RunFolder.open(run);
  const learnt = new Set(knownTo(split).map((name) => resolve(settings.data, name)));
  const seen = files.filter((file) => learnt.has(resolve(file)));
  if (seen.length > 0)
    throw new RunError(
      `${run}: was trained on ${seen.length} of the ${files.length} pictures, first ${seen[0]}; they score too low, name good ones it has not seen`,
    );
}
