import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { DatasetError } from '../dataset.ts';
import type { SplitRow } from '../layout.ts';

const NAME = join('split_csv', '1cls.csv');
const rows = z.array(
  z.object({ object: z.string(), split: z.string(), label: z.string(), image: z.string(), mask: z.string() }),
);

/** VisA's one-class split: of the folder itself, or, for one object's folder, of the folder above. Null without one. */
export async function readSplit(root: string): Promise<SplitRow[] | null> {
  const own = await readRows(join(root, NAME));
  if (own) return own;
  const above = await readRows(join(dirname(resolve(root)), NAME));
  const object = basename(resolve(root));
  const mine = above?.filter((row) => row.object === object) ?? [];
  if (mine.length === 0) return null;
  const inside = (path: string): string => (path.startsWith(`${object}/`) ? path.slice(object.length + 1) : path);
  return mine.map((row) => ({ ...row, image: inside(row.image), mask: inside(row.mask) }));
}

async function readRows(path: string): Promise<SplitRow[] | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return rows.parse(parse(text, { columns: true, skip_empty_lines: true, trim: true, bom: true }));
  } catch (cause) {
    throw new DatasetError(`${path}: expected columns object, split, label, image, mask in every row`, { cause });
  }
}
