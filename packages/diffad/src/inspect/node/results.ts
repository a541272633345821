import { join } from 'node:path';
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

/** Writes results.csv and results.jsonl under `out`. */
export async function writeResults(out: string, rows: readonly ResultRow[]): Promise<void> {
  const header = 'path,score,threshold,verdict,defects,largest_x,largest_y,largest_width,largest_height,largest_area';
  const lines = rows.map(({ path, score, threshold, verdict, boxes }) => {
    const { x = '', y = '', width = '', height = '', area = '' } = boxes[0] ?? {};
    return [quoted(path), score, threshold, verdict, boxes.length, x, y, width, height, area].join(',');
  });
  await writeWhole(join(out, 'results.csv'), `${[header, ...lines].join('\n')}\n`);
  await writeWhole(join(out, 'results.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
}
