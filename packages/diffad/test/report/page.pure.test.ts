import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, flags } from '../../../../scripts/lib/chromium.mjs';
import { renderReport } from '../../src/report/render-report.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { reportData } from './report-data.ts';

const file = join(temporaryFolder(), 'report.html');
let browser: Browser;

beforeAll(async () => {
  writeFileSync(file, await renderReport(reportData));
  for (const { executablePath, environment } of candidates(fileURLToPath(new URL('../../../..', import.meta.url)))) {
    if (!executablePath) continue;
    const { LD_LIBRARY_PATH, VK_DRIVER_FILES, ...inherited } = process.env;
    const env = { ...inherited, ...environment } as Record<string, string>;
    browser = await chromium.launch({ executablePath, args: [...flags], env });
    return;
  }
  throw new Error('no Chromium; on Debian: apt-get install chromium');
});
afterAll(() => browser.close());

test('in a browser the page complains of nothing, loads nothing, and recounts verdicts as the threshold moves', async () => {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void complaints.push(message.text()));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|file):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(pathToFileURL(file).href);
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
