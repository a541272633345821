import type { Inspection } from './inspect.ts';

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

/** The first line of results.csv. */
export const CSV_HEADER =
  'path,score,threshold,verdict,defects,largest_x,largest_y,largest_width,largest_height,largest_area';

/** A line of results.csv, without its end. */
export function csvLine({ path, score, threshold, verdict, boxes }: ResultRow): string {
  const { x = '', y = '', width = '', height = '', area = '' } = boxes[0] ?? {};
  return [quoted(path), score, threshold, verdict, boxes.length, x, y, width, height, area].join(',');
}
