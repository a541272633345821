import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, openBrowser } from '../../../../scripts/lib/chromium.mjs';
import { devices } from '../../../tensor-core/test/devices.ts';
import { openPage } from '../open-page.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { wholeTraining } from './whole-training.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const file = join(temporaryFolder(), 'page.html');

test('a browser trains all three stages as Node does, but for rounding', async () => {
  await devices();
  const source = fileURLToPath(new URL('whole-training.ts', import.meta.url));
  const options = { bundle: true, write: false, format: 'esm', platform: 'browser' } as const;
  const { outputFiles } = await build({ entryPoints: [source], ...options });
  writeFileSync(file, `<!doctype html><meta charset="utf-8"><script type="module">${outputFiles[0]?.text}</script>`);
  const browser = await openBrowser(candidates(root));
  try {
    const { page, complaints } = await openPage(browser, file);
    const there = await page.evaluate(() =>
      (globalThis as unknown as { wholeTraining: typeof wholeTraining }).wholeTraining(),
    );
    const here = await wholeTraining();
    expect(Object.keys(here)).toEqual(expect.arrayContaining(['vae loss', 'diffusion loss', 'segment loss', 'score']));
    expect(Object.keys(there)).toEqual(Object.keys(here));
    for (const [name, value] of Object.entries(here)) expect(there[name], name).toBeCloseTo(value, 2);
    expect(complaints).toEqual([]);
  } finally {
    await browser.close();
  }
}, 300_000);
