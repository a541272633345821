import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeWhole } from '@diffad/diffad/node';
import type { Environment } from './environment.ts';
import { table } from './table.ts';

export const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Writes `name`.json with every number and `name`.md for reading, and returns the Markdown. */
export async function writeResults(
  folder: string,
  name: string,
  stamp: Environment,
  content: object,
  sections: readonly string[],
): Promise<string> {
  await writeWhole(join(folder, `${name}.json`), `${JSON.stringify({ environment: stamp, ...content }, null, 1)}\n`);
  const facts = table(
    ['', ''],
    Object.entries(stamp).map(([key, value]) => [key, value]),
  );
  const markdown = `${[`# ${name}`, facts, ...sections].join('\n\n')}\n`;
  await writeWhole(join(folder, `${name}.md`), markdown);
  return markdown;
}
