import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
// biome-ignore lint/correctness/useImportExtensions: this is its extension; the types stand beside it
import { candidates, openBrowser } from '../lib/chromium.mjs';

const missing = { name: 'missing', error: 'none here' };
const broken = { name: 'broken', executablePath: process.execPath };

test('a browser that is missing, does not start or does not serve leaves its place to the next', async () => {
  const [system, packaged] = candidates(fileURLToPath(new URL('../..', import.meta.url)));
  let asked = 0;
  const secondTime = async () => (asked++ === 0 ? 'not yet' : undefined);
  const browser = await openBrowser([missing, broken, system, packaged, system, packaged], secondTime);
  expect(browser.isConnected()).toBe(true);
  expect(asked).toBe(2);
  await browser.close();
});

test('where none serves, every reason is named', async () => {
  await expect(openBrowser([missing, broken])).rejects.toThrow(
    /^no Chromium \(missing: Error: none here; broken: .+\); on Debian: apt-get install chromium$/,
  );
});
