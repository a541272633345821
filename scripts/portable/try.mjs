import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../lib/run.mjs';

const LOADER = ['/diffad/lib/ld-linux-x86-64.so.2', '--library-path', '/diffad/lib:/diffad/lib/vulkan'];
const SHORT = ['--steps', 'vae=1,diffusion=1,segment=1', '--set', 'simulation.pool=8'];
const KERNEL = ['--only', 'matmul', '--rounds', '1', '--variant', 'software', '--out', '/results'];

/** What a machine with nothing on it must be able to do, and how each may end: 3 says that defects were found. */
const trials = [
  [['diffad', 'doctor'], [0]],
  [
    ['diffad', 'inspect', '/pictures/test/spot', '--model', '/run', '--out', '/report', '--threshold', '0.5'],
    [0, 3],
  ],
  [['diffad-bench', 'kernels', ...KERNEL], [0]],
];

async function expectStatus(allowed, command, args, options) {
  const status = await run(command, args, options);
  if (!allowed.includes(status)) throw new Error(`${args.join(' ')} ended with status ${status}`);
}

/**
 * Makes pictures and a run with the folder on this machine, then runs it in a root that holds nothing else, with an empty
 * environment. Needs user namespaces, or root.
 */
export async function tryInEmptyRoot(folder) {
  const empty = mkdtempSync(join(tmpdir(), 'empty-root-'));
  const at = (name) => join(empty, name);
  try {
    cpSync(folder, at('diffad'), { recursive: true });
    await expectStatus([0], at('diffad/diffad'), ['surfaces', at('pictures'), '--size', '64', '--train', '2']);
    await expectStatus([0], at('diffad/diffad'), ['train', at('pictures'), '--out', at('run'), ...SHORT]);
    for (const [trial, allowed] of trials) {
      console.error(`in an empty root: ${trial.join(' ')}`);
      const inside = [...LOADER, '/diffad/bin/node', '/diffad/app/start.js', ...trial];
      const args = ['--map-root-user', '--root', empty, '--wd', '/', ...inside];
      await expectStatus(allowed, 'unshare', args, { env: {} });
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}
