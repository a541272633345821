import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { packagedBytes, place, readTar } from './swiftshader.mjs';

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const LIBRARIES = ['bin/swiftshader.tar.br', 'bin/al2023.tar.br'];

/** What Playwright needs to start a browser that has WebGPU on its own SwiftShader, whatever drivers there are. */
export const flags = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'];

/** The system's Chromium, then the packaged one: each { name, executablePath, environment } or { name, error }. */
export function* candidates(root) {
  const system = SYSTEM.find((path) => existsSync(path));
  yield system
    ? { name: system, executablePath: system, environment: {} }
    : { name: 'system', error: `none of ${SYSTEM.join(', ')}` };
  yield packaged(root);
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
