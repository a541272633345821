import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DiffADConfig } from '../../config/schema.ts';
import { MODEL_ENDING, modelFileOf, openModel } from '../../model-file.ts';
import { writeWhole } from '../../run/node/write-whole.ts';
import { inspectorPage } from '../inspector-page.ts';
import { inspectorScript } from './inspector-script.ts';

/** Writes the page that inspects by the model of a run or a file, or that learns one by a configuration first; returns its bytes. */
export async function writePage(out: string, from: string | DiffADConfig): Promise<number> {
  const parts =
    typeof from === 'string'
      ? { title: `DiffAD: ${basename(from, MODEL_ENDING)}`, holds: { model: await modelOf(from) } }
      : { title: 'DiffAD', holds: { config: from } };
  const page = inspectorPage({ ...parts, script: await inspectorScript() });
  await writeWhole(out, page);
  return Buffer.byteLength(page);
}

async function modelOf(run: string): Promise<string> {
  await openModel(run); // which says in a line what is wrong with it
  return readFile(modelFileOf(run), 'base64');
}
