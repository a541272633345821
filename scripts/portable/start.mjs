// node app/start.mjs COMMAND ARGS...: finds an adapter, then runs app/COMMAND.js, inside a portable folder.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { choose } from '../lib/choose.mjs';
import { run } from '../lib/run.mjs';

const home = fileURLToPath(new URL('..', import.meta.url));
const LOADER = 'ld-linux-x86-64.so.2';
const drivers = join(home, 'lib/vulkan');

/** Where the machine has no C library, or an older one, everything runs on the folder's own. */
const ownLibraries = process.execPath.endsWith(LOADER) || !existsSync(`/lib64/${LOADER}`);
const node = join(home, 'bin/node');
const [command, prefix] = ownLibraries
  ? [join(home, 'lib', LOADER), ['--library-path', [join(home, 'lib'), drivers].join(delimiter), node]]
  : [node, []];

const system = {
  ...process.env,
  LD_LIBRARY_PATH: [drivers, process.env.LD_LIBRARY_PATH].filter(Boolean).join(delimiter),
};
const packaged = { ...system, VK_DRIVER_FILES: join(drivers, 'vk_swiftshader_icd.json') };
const app = (name) => join(home, 'app', `${name}.js`);

/** A crash or a hang of a driver ends the child, not us. */
const probe = (env) =>
  new Promise((resolve) => {
    execFile(command, [...prefix, app('probe'), app('start')], { env, timeout: 60_000 }, (failure, stdout) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      if (last.startsWith('{')) resolve(JSON.parse(last));
      else resolve({ error: failure?.killed ? 'the driver did not answer within 60 s' : 'the driver crashed' });
    });
  });

const [name, ...args] = process.argv.slice(2);
const wanted = process.env.DIFFAD_ADAPTER;
const found = wanted === 'swiftshader' ? { error: 'not asked' } : await probe(system);
const fallback = found.error ? await probe(packaged) : { error: 'not needed' };
const choice = choose({ system: found, packaged: fallback, wanted });
if (choice.error) {
  console.error(`error: ${choice.error}`);
  process.exit(2);
}
console.error(choice.line);
process.exit(
  await run(command, [...prefix, app(name), ...args], { env: choice.use === 'packaged' ? packaged : system }),
);
