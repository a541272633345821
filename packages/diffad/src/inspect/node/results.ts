import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../../image/node/image-file-error.ts';
import { writeWhole } from '../../run/node/write-whole.ts';
import type { Inspection } from '../inspect.ts';

/** One inspected picture as results.csv, results.jsonl and `--json` give it. */
export interface ResultRow {
  readonly path: string;
  readonly score: number;
  readonly threshold: number;
  readonly verdict: 'OK' | 'NG';
  readonly boxes: Inspection['boxes'];
}

export const resultRow = (path: string, { score, threshold, verdict, boxes }: Inspection): ResultRow => ({
  path,
  score,
  threshold,
  verdict,
  boxes,
});

/** `NG 0.83 (limit 0.41) 312 px at 120,44  name.png` */
export function resultLine({ path, score, threshold, verdict, boxes }: ResultRow): string {
  const first = boxes[0];
  const where = first ? ` ${first.area} px at ${first.x},${first.y}` : '';
  return `${verdict} ${score.toFixed(3)} (limit ${threshold.toFixed(3)})${where}  ${path}`;
}

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const HEADER = 'path,score,threshold,verdict,defects,largest_x,largest_y,largest_width,largest_height,largest_area';

/** Begins results.csv and results.jsonl under `out`, in place of older ones. Throws one line that names the file. */
export async function beginResults(out: string): Promise<void> {
  await writeWhole(join(out, 'results.csv'), `${HEADER}\n`);
  await writeWhole(join(out, 'results.jsonl'), '');
}

/** Adds a picture to both at once, so that an inspection that ends early leaves what it judged. Throws one line that names the file. */
export async function addResult(out: string, row: ResultRow): Promise<void> {
  const { path, score, threshold, verdict, boxes } = row;
  const { x = '', y = '', width = '', height = '', area = '' } = boxes[0] ?? {};
  const cells = [quoted(path), score, threshold, verdict, boxes.length, x, y, width, height, area];
  await append(join(out, 'results.csv'), cells.join(','));
  await append(join(out, 'results.jsonl'), JSON.stringify(row));
}

const append = (file: string, line: string): Promise<void> =>
  appendFile(file, `${line}\n`).catch((cause): never => {
    throw fileProblem(file, cause);
  });
