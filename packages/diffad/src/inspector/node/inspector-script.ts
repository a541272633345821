import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The bundle of the page's program: beside this file where it was built, made from its source in a checkout. */
export async function inspectorScript(): Promise<string> {
  const built = new URL('inspector.js', import.meta.url);
  if (existsSync(built)) return readFile(built, 'utf8');
  const { build } = await import('esbuild');
  const source = fileURLToPath(new URL('../browser/main.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [source],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
  });
  return outputFiles[0]?.text ?? '';
}
