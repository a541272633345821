import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { type Candidate, candidates, flags } from '../../../../scripts/lib/chromium.mjs';

const root = fileURLToPath(new URL('../../../..', import.meta.url));

/** `url` in the first Chromium that starts and has WebGPU: the system's, else the packaged one. Fails naming both reasons. */
export async function openPage(url: string): Promise<{ page: Page; browser: Browser }> {
  const reasons: string[] = [];
  for (const candidate of candidates(root)) {
    try {
      const browser = await launch(candidate);
      const page = await browser.newPage();
      await page.goto(url);
      if (await page.evaluate(async () => Boolean(await navigator.gpu?.requestAdapter()))) return { page, browser };
      reasons.push(`${candidate.name}: version ${browser.version()} has no WebGPU adapter`);
      await browser.close();
    } catch (error) {
      reasons.push(`${candidate.name}: ${String(error).split('\n')[0]}`);
    }
  }
  throw new Error(`no Chromium with WebGPU (${reasons.join('; ')}); on Debian: apt-get install chromium`);
}

function launch({ executablePath, environment, error }: Candidate): Promise<Browser> {
  if (!executablePath) throw new Error(error);
  // What the tests' own adapter needs would mislead the browser, which brings its drivers.
  const { LD_LIBRARY_PATH, VK_DRIVER_FILES, ...inherited } = process.env;
  const env = { ...inherited, ...environment } as Record<string, string>;
  return chromium.launch({ executablePath, args: [...flags], env });
}
