import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { packagedBytes, place, readTar } from './swiftshader.mjs';

const SYSTEM = {
  linux: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  darwin: ['Chromium', 'Google Chrome'].map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`),
  win32: ['Google/Chrome/Application/chrome.exe', 'Microsoft/Edge/Application/msedge.exe'].flatMap((path) =>
    [process.env.ProgramFiles, process.env['ProgramFiles(x86)']].filter(Boolean).map((folder) => join(folder, path)),
  ),
};
const LIBRARIES = ['bin/swiftshader.tar.br', 'bin/al2023.tar.br'];

/** What gives a browser WebGPU on its own SwiftShader, whatever drivers there are. */
const flags = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** The system's Chromium, then the packaged one: each { name, executablePath, environment } or { name, error }. */
export function* candidates(root) {
  const known = SYSTEM[process.platform] ?? [];
  const system = known.find((path) => existsSync(path));
  yield system
    ? { name: system, executablePath: system, environment: {} }
    : { name: 'system', error: `none of ${known.join(', ')}` };
  yield packaged(root);
}

/** The first of `choices` that starts and to which `reason`, asked what speaks against it, answers nothing. Fails naming all reasons. */
export async function openBrowser(choices, reason = async () => undefined) {
  const reasons = [];
  for (const { name, executablePath, environment, error } of choices) {
    try {
      if (!executablePath) throw new Error(error);
      // What the tests' own adapter needs would mislead the browser, which brings its drivers.
      const { LD_LIBRARY_PATH, VK_DRIVER_FILES, ...inherited } = process.env;
      const browser = await chromium.launch({ executablePath, args: flags, env: { ...inherited, ...environment } });
      const against = await reason(browser);
      if (against === undefined) return browser;
      reasons.push(`${name}: ${against}`);
      await browser.close();
    } catch (failure) {
      reasons.push(`${name}: ${String(failure).split('\n')[0]}`);
    }
  }
  throw new Error(`no Chromium (${reasons.join('; ')}); on Debian: apt-get install chromium`);
}

/** Unpacked on first use, with the libraries a bare machine lacks; no root needed. */
function packaged(root) {
  const name = 'packaged';
  if (process.platform !== 'linux' || process.arch !== 'x64')
    return { name, error: `none for ${process.platform} ${process.arch}` };
  const folder = join(root, 'node_modules/.cache/diffad/chromium');
  const executablePath = join(folder, 'chromium');
  try {
    if (!existsSync(executablePath))
      place(folder, [['chromium', packagedBytes(root, 'bin/chromium.br')], ...libraries(root)]);
  } catch (error) {
    return { name, error: `could not be unpacked (${error.message.split('\n')[0]})` };
  }
  return { name, executablePath, environment: { LD_LIBRARY_PATH: folder } };
}

const libraries = (root) => LIBRARIES.flatMap((archive) => [...readTar(packagedBytes(root, archive))]);
