import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { listPictures } from '../../data/node/list-pictures.ts';
import { chunks } from '../../train/batch.ts';
import type { FoundPicture } from './find-pictures.ts';
import { isOutput } from './write-inspection.ts';

export interface WatchOptions {
  readonly out: string | undefined;
  readonly group: number;
  readonly signal: AbortSignal;
  /** Default a second. */
  readonly period?: number;
}

/**
 * The pictures below a folder, then those that come or change, asked for every `period` milliseconds until `signal` aborts: each once
 * its size and time have stood still for a period, so that none is read half written; in groups of at most `group`. What an inspection
 * wrote below `out` is left out.
 */
export async function* watchFolder(
  folder: string,
  { out, group, signal, period = 1000 }: WatchOptions,
): AsyncGenerator<FoundPicture[]> {
  const given = new Map<string, string>();
  let before = new Map<string, string>();
  while (!signal.aborted) {
    const now = await stampsOf(folder, out);
    const settled = [...now].filter(([path, stamp]) => before.get(path) === stamp && given.get(path) !== stamp);
    before = now;
    for (const path of given.keys()) if (!now.has(path)) given.delete(path); // what is taken away may come again
    for (const [path, stamp] of settled) given.set(path, stamp);
    for (const part of chunks(settled, group)) {
      if (signal.aborted) return;
      yield part.map(([path]) => ({ path, file: join(folder, path) }));
    }
    if (settled.length === 0) await setTimeout(period, undefined, { signal }).catch(() => undefined);
  }
}

/** Size and time of every picture; one that has just gone has none. */
async function stampsOf(folder: string, out: string | undefined): Promise<Map<string, string>> {
  const stamps = new Map<string, string>();
  for (const path of await listPictures(folder)) {
    const file = join(folder, path);
    if (out !== undefined && isOutput(file, out)) continue;
    const info = await stat(file).catch(() => null);
    if (info) stamps.set(path, `${info.size} ${info.mtimeMs}`);
  }
  return stamps;
}
