import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, openBrowser } from '../../../../scripts/lib/chromium.mjs';
import { devices } from '../../../tensor-core/test/devices.ts';
import { makeGolden } from '../../src/golden.ts';
import { readImage } from '../../src/image/node/read-image.ts';
import { writePng } from '../../src/image/node/write-png.ts';
import { calibrate, DiffAD, inspect, loadModel, surfacePicture } from '../../src/index.ts';
import { resultLine, resultRow } from '../../src/inspect/result-row.ts';
import { inspectorPage } from '../../src/inspector/inspector-page.ts';
import { inspectorScript } from '../../src/inspector/node/inspector-script.ts';
import { saveModel } from '../../src/save-model.ts';
import { opinionated } from '../inspect/opinionated.ts';
import { openPage } from '../open-page.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';

vi.setConfig({ testTimeout: 200_000, hookTimeout: 200_000 });

const root = fileURLToPath(new URL('../../../..', import.meta.url));
const folder = temporaryFolder();
const at = (name: string): string => join(folder, name);
const names = ['cloth &amp;.png', 'grey.png', 'glass.png', 'photo.jpg'];
let browser: Browser;
let model: DiffAD;

beforeAll(async () => {
  await devices();
  model = opinionated(DiffAD.create(tinyConfig(), 3));
  const [cloth, steel] = (['woven', 'brushed'] as const).map(
    (surface, i) => surfacePicture(4, i, { surface, size: 40 }).image,
  );
  if (!cloth || !steel) throw new Error('two surfaces');
  await writePng(at('cloth &amp;.png'), cloth);
  await sharp(at('cloth &amp;.png'))
    .extract({ left: 0, top: 0, width: 40, height: 24 })
    .greyscale()
    .toFile(at('grey.png'));
  await sharp(at('cloth &amp;.png')).ensureAlpha(0.5).toFile(at('glass.png'));
  await writePng(at('steel.png'), steel);
  await sharp(at('steel.png'))
    .withMetadata({ orientation: 6 })
    .jpeg({ quality: 95, chromaSubsampling: '4:4:4' })
    .toFile(at('photo.jpg'));
  const scores: number[] = [];
  for (const name of names) scores.push((await inspect(model, await readImage(at(name)), { threshold: 0 })).score);
  const [, low = 0, high = 0] = scores.toSorted((a, b) => a - b);
  model.calibration = { ...calibrate([0.1, 0.2]), threshold: (low + high) / 2 };
  model.golden = await makeGolden(model, cloth);
  await saveModel(model, at('model.safetensors'));
  const parts = { title: 'a <b> model', script: await inspectorScript() };
  writeFileSync(
    at('page.html'),
    inspectorPage({ ...parts, holds: { model: readFileSync(at('model.safetensors'), 'base64') } }),
  );
  writeFileSync(at('learning.html'), inspectorPage({ ...parts, holds: { config: tinyConfig() } }));
  browser = await openBrowser(candidates(root));
});
afterAll(async () => {
  model?.dispose();
  await browser?.close();
});

/** Score and limit in the line of a picture. */
const numbers = (line: string): number[] => (line.match(/\d+\.\d+(?= \(|\))/g) ?? []).map(Number);
const figures = (page: Page) => page.locator('#found figcaption');

test('a page judges files of every kind as Node does, and loads nothing', async () => {
  const { page, complaints } = await openPage(browser, at('page.html'));
  await page.locator('#work').waitFor();
  expect(await page.locator('h1').textContent()).toBe('a <b> model');
  expect(await page.locator('#status').textContent()).toMatch(/^ready, on .+; its own picture scores (\S+) here, \1/);
  await page
    .locator('#files')
    .setInputFiles(
      [...names, 'cloth &amp;.png'].map((name, i) => (i < names.length ? at(name) : at('model.safetensors'))),
    );
  await figures(page).nth(names.length).waitFor();
  const said = (await figures(page).allTextContents()).reverse();
  expect(said.pop()).toBe('model.safetensors: The source image could not be decoded.');
  const verdicts: string[] = [];
  for (const [i, name] of names.entries()) {
    const found = await inspect(model, await readImage(at(name)));
    const here = resultLine(resultRow(name, found));
    const there = said[i] as string;
    verdicts.push(found.verdict);
    expect(there.startsWith(found.verdict) && there.includes(`  ${name} · `), there).toBe(true);
    for (const [k, number] of numbers(here).entries()) expect(numbers(there)[k], there).toBeCloseTo(number, 2);
  }
  expect(new Set(verdicts).size).toBe(2);
  expect(await page.locator('#count').textContent()).toBe('4 pictures, 2 with defects');
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('#save').click()]);
  const csv = readFileSync(await download.path(), 'utf8')
    .trim()
    .split('\n');
  expect(csv.map((line) => line.split(',')[0])).toEqual(['path', ...names]);
  await page.locator('#threshold').fill('');
  await page.locator('#files').setInputFiles(at('grey.png'));
  await figures(page)
    .nth(names.length + 1)
    .waitFor();
  expect(await figures(page).first().textContent()).toBe('grey.png: not inspected, there is no threshold');
  expect(complaints).toEqual([]);
  await page.close();
});

/** In the page: a camera of 48x32 whose picture changes, allowed when it is asked for a second time. */
function secondCamera(): void {
  const canvas = Object.assign(document.createElement('canvas'), { width: 48, height: 32 });
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  setInterval(() => context.fillRect(Math.random() * 48, 0, 4, 32), 50);
  let asked = 0;
  const getUserMedia = async (): Promise<MediaStream> => {
    if (++asked === 1) throw new Error('not allowed');
    return canvas.captureStream();
  };
  Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia } });
}

test('a page looks through a camera, once and again and again, or says that there is none', async () => {
  const { page, complaints } = await openPage(browser, at('page.html'), secondCamera);
  await page.locator('#camera').click();
  await page.getByText('no camera: not allowed').waitFor();
  await page.locator('#camera').click();
  await page.locator('#shoot').click();
  await figures(page).first().waitFor();
  expect(await figures(page).first().textContent()).toMatch(/^(OK|NG) 0\.\d+ .+ camera \d{4}-\d\d-\d\dT.+ · \d+ ms$/);
  await page.locator('#always').check();
  await figures(page).nth(2).waitFor();
  await page.locator('#always').uncheck();
  expect(complaints).toEqual([]);
  await page.close();
});

test('a page without a model learns one from good parts, files and what a camera saw, judges by it, and gives a file by which Node judges alike', async () => {
  const goods = await Promise.all(
    Array.from({ length: 6 }, async (_, i) => {
      await writePng(at(`good-${i}.png`), surfacePicture(9, i, { surface: 'woven', size: 40 }).image);
      return at(`good-${i}.png`);
    }),
  );
  const { page, complaints } = await openPage(browser, at('learning.html'), secondCamera);
  const status = page.locator('#status');
  await page.locator('#learn').waitFor();
  await page.locator('#goods').setInputFiles([at('good-0.png'), at('good-1.png'), at('model.safetensors')]);
  await page.getByText('model.safetensors: The source image could not be decoded.').waitFor();
  await page.locator('#begin').click();
  await page.getByText('fit: needs 3 normal pictures at least, got 2').waitFor();
  await page.locator('#minutes').fill('0');
  await page.locator('#begin').click();
  await page.getByText('minutes: expected more than none').waitFor();
  await page.locator('#minutes').fill('10');
  await page.locator('#goods').setInputFiles(goods.slice(2));
  await page.getByText('6 pictures').waitFor();
  await page.locator('#camera').click();
  await page.getByText('no camera: not allowed').waitFor();
  await page.locator('#camera').click();
  for (const taken of ['7 pictures', '8 pictures']) {
    await page.getByText('take it as a good part').click();
    await page.getByText(taken).waitFor();
  }
  expect(await page.locator('#always').isVisible()).toBe(false);
  await page.locator('#begin').click();
  await page.locator('#seen').waitFor({ state: 'hidden' });
  await page.locator('#work').waitFor({ timeout: 150_000 });
  expect(await status.textContent()).toMatch(/^ready, on .+; its own picture scores (\S+) here, \1/);
  expect(await page.locator('#rests').textContent()).toContain('Chosen from 2 held-out normal pictures');
  await page.getByText('inspect what it sees').click();
  await figures(page).first().waitFor();
  await page.locator('#files').setInputFiles(at('grey.png'));
  await figures(page).nth(1).waitFor();
  const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('#keep').click()]);
  const learned = await loadModel(Uint8Array.from(readFileSync(await saved.path())));
  const here = await inspect(learned, await readImage(at('grey.png')));
  learned.dispose();
  const [score] = numbers((await figures(page).first().textContent()) ?? '');
  expect(score).toBeCloseTo(here.score, 2);
  expect(complaints).toEqual([]);
  await page.close();
});

test('a browser without WebGPU is told so', async () => {
  const { page, complaints } = await openPage(browser, at('page.html'), () =>
    Object.defineProperty(navigator, 'gpu', { value: undefined }),
  );
  await page.getByText('this browser has no WebGPU here').waitFor();
  expect(await page.locator('#work').isVisible()).toBe(false);
  expect(complaints).toEqual([]);
  await page.close();
});
