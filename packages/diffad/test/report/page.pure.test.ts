import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, openBrowser } from '../../../../scripts/lib/chromium.mjs';
import { renderReport } from '../../src/report/render-report.ts';
import { openPage } from '../open-page.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { reportData, unjudged } from './report-data.ts';

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = temporaryFolder();
const [file, untested] = ['report.html', 'untested.html'].map((name) => join(folder, name)) as [string, string];
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, await renderReport(reportData));
  writeFileSync(untested, await renderReport(unjudged));
  browser = await openBrowser(candidates(root));
});
afterAll(() => browser?.close());

test('in a browser the page complains of nothing, loads nothing, and recounts verdicts as the threshold moves', async () => {
  const { page, complaints } = await openPage(browser, file);
  const verdicts = page.locator('#histogram p');
  expect(await verdicts.textContent()).toBe(
    'threshold 0.500: finds 1 of 1 defective pictures, rejects 0 of 1 good ones',
  );
  await page.locator('#histogram input').fill('10');
  expect(await verdicts.textContent()).toMatch(/finds 1 of 1 defective pictures, rejects 1 of 1 good ones$/);
  await page.locator('#histogram input').fill('1000');
  expect(await verdicts.textContent()).toMatch(/finds 0 of 1 defective pictures, rejects 0 of 1 good ones$/);
  const drawn = await page
    .locator('#histogram rect')
    .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('height')));
  expect(drawn.filter((height) => Number(height) > 0)).toHaveLength(2);
  expect(await page.locator('main svg').count()).toBeGreaterThanOrEqual(3);
  expect(complaints).toEqual([]);
});

test('without test pictures it counts the held-out normals that a threshold rejects, and no defects', async () => {
  const { page, complaints } = await openPage(browser, untested);
  expect(await page.locator('#histogram p').textContent()).toBe('threshold 0.500: rejects 0 of 2 good ones');
  expect(await page.locator('#histogram div').textContent()).not.toContain('defective');
  expect(complaints).toEqual([]);
});
