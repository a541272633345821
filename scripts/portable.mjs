// node scripts/portable.mjs [--try] [--no-pack]: makes out/portable/diffad, runs it in an empty root, and packs it.
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(`error: a portable folder is made on Linux x86-64, this is ${process.platform} ${process.arch}`);
  process.exit(2);
}
const { makePortable } = await import('./portable/make.mjs');
const { tryInEmptyRoot } = await import('./portable/try.mjs');

const root = fileURLToPath(new URL('..', import.meta.url));
const parent = join(root, 'out/portable');
const folder = join(parent, 'diffad');
const archive = join(parent, 'diffad-linux-x64.tar.xz');
const output = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', cwd: root }).trim();
const mebibytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;

console.error('making the folder ...');
await makePortable(root, folder, output('git', 'rev-parse', '--short', 'HEAD'));
console.error(`${folder}: ${mebibytes(1024 * Number(output('du', '-sk', folder).split('\t')[0]))}`);
if (process.argv.includes('--try')) await tryInEmptyRoot(folder);
if (!process.argv.includes('--no-pack')) {
  console.error('packing ...');
  execFileSync('tar', ['-cJf', archive, '-C', parent, 'diffad'], { env: { ...process.env, XZ_OPT: '-3 -T0' } });
  console.error(`${archive}: ${mebibytes(statSync(archive).size)}`);
}
