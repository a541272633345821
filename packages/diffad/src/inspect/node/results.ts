import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileProblem } from '../../image/node/image-file-error.ts';
import { writeWhole } from '../../run/node/write-whole.ts';
import { CSV_HEADER, csvLine, type ResultRow } from '../result-row.ts';

/** Begins results.csv and results.jsonl under `out`, in place of older ones. Throws one line that names the file. */
export async function beginResults(out: string): Promise<void> {
  await writeWhole(join(out, 'results.csv'), `${CSV_HEADER}\n`);
  await writeWhole(join(out, 'results.jsonl'), '');
}

/** Adds a picture to both at once, so that an inspection that ends early leaves what it judged. Throws one line that names the file. */
export async function addResult(out: string, row: ResultRow): Promise<void> {
  await append(join(out, 'results.csv'), csvLine(row));
  await append(join(out, 'results.jsonl'), JSON.stringify(row));
}

const append = (file: string, line: string): Promise<void> =>
  appendFile(file, `${line}\n`).catch((cause): never => {
    throw fileProblem(file, cause);
  });
