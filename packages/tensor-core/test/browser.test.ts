import { expect, test } from 'vitest';
import { Rng } from '../src/index.ts';
import { openPage } from './browser/launch.ts';
import { type fit, SHARPEN } from './browser/page.ts';
import { serve } from './browser/serve.ts';

test('in a browser: a convolution is fitted, memory stands still, and random numbers have the bits they have in Node', async () => {
  const server = await serve();
  const { page, browser } = await openPage(server.url);
  try {
    const report = await page.evaluate(() => (globalThis as unknown as { fit: typeof fit }).fit(40));
    expect(report.normals).toEqual(Array.from(new Rng(3).normals(8)));
    expect(report.found).toEqual(SHARPEN.map((weight) => expect.closeTo(weight, 2)));
    expect(report.losses.at(-1)).toBeLessThan(1e-4);
    expect(new Set(report.memories.slice(2)).size).toBe(1);
  } finally {
    await browser.close();
    server.close();
  }
});
