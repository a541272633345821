import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, openBrowser } from '../../../../scripts/lib/chromium.mjs';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** `url` in the first Chromium that starts and has WebGPU: the system's, else the packaged one. Fails naming both reasons. */
export async function openPage(url: string): Promise<{ page: Page; browser: Browser }> {
  let page: Page | undefined;
  const browser = await openBrowser(candidates(root), async (candidate) => {
    page = await candidate.newPage();
    await page.goto(url);
    const fits = await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()));
    return fits ? undefined : `version ${candidate.version()} has no WebGPU adapter`;
  });
  return { page: page as Page, browser };
}
