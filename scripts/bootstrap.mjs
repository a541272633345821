// node scripts/bootstrap.mjs COMMAND...: installs what is missing, finds an adapter, runs COMMAND. Needs Node and npm only.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './lib/run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));

// pnpm writes this file last, with the lockfile it installed.
const installed = `${root}/node_modules/.pnpm/lock.yaml`;
const current =
  existsSync(installed) && readFileSync(installed, 'utf8') === readFileSync(`${root}/pnpm-lock.yaml`, 'utf8');
if (!current) {
  console.error('installing packages ...');
  const status = await run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile'], {
    cwd: root,
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    console.error(
      'error: the packages could not be installed; check that the npm registry is reachable, then run the command again',
    );
    process.exit(2);
  }
}
const { withAdapter } = await import('./lib/with-adapter.mjs');
process.exit(await withAdapter(root, process.argv.slice(2)));
