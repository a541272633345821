import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';

/** A page from disk, and everything it complains of or loads from elsewhere; `before` runs in it first. */
export async function openPage(
  browser: Browser,
  path: string,
  before?: () => void,
): Promise<{ page: Page; complaints: string[] }> {
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => {
    if (!/^(data|file|blob):/.test(request.url())) complaints.push(request.url());
  });
  if (before) await page.addInitScript(before);
  await page.goto(pathToFileURL(path).href);
  return { page, complaints };
}
