import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Environment } from './environment.ts';
import { table } from './table.ts';

export const RESULTS = fileURLToPath(new URL('../results', import.meta.url));

/** Writes `name`.json with every number and `name`.md for reading, and returns the Markdown. */
export function writeResults(
  folder: string,
  name: string,
  stamp: Environment,
  content: object,
  sections: readonly string[],
): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify({ environment: stamp, ...content }, null, 1)}\n`);
  const facts = table(
    ['', ''],
    Object.entries(stamp).map(([key, value]) => [key, value]),
  );
  const markdown = `${[`# ${name}`, facts, ...sections].join('\n\n')}\n`;
  writeFileSync(join(folder, `${name}.md`), markdown);
  return markdown;
}
