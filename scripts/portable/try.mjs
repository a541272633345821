import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../lib/run.mjs';

const START = ['/diffad/lib/ld-linux-x86-64.so.2', '--library-path', '/diffad/lib:/diffad/lib/vulkan'];
const SHORT = ['--steps', 'vae=1,diffusion=1,segment=1', '--set', 'simulation.pool=8'];
const line = (...args) => [...START, '/diffad/bin/node', '/diffad/app/start.js', ...args];

/** What a machine with nothing on it must be able to do, and how each may end: 3 says that defects were found. */
const trials = [
  [line('diffad', 'doctor'), [0]],
  [line('diffad', 'surfaces', '/surfaces', '--size', '64', '--train', '2'), [0]],
  [line('diffad', 'train', '/surfaces', '--out', '/run', ...SHORT), [0]],
  [line('diffad', 'inspect', '/surfaces/test', '--model', '/run', '--out', '/report', '--threshold', '0.5'), [0, 3]],
  [
    line('diffad-bench', 'kernels', '--only', 'matmul', '--rounds', '1', '--variant', 'software', '--out', '/results'),
    [0],
  ],
];

/** Runs the folder in a root that holds nothing else, with an empty environment. Needs user namespaces, or root. */
export async function tryInEmptyRoot(folder) {
  const empty = mkdtempSync(join(tmpdir(), 'empty-root-'));
  try {
    cpSync(folder, join(empty, 'diffad'), { recursive: true });
    for (const [trial, allowed] of trials) {
      console.error(`in an empty root: ${trial.slice(5).join(' ')}`);
      const status = await run('unshare', ['--map-root-user', '--root', empty, '--wd', '/', ...trial], { env: {} });
      if (!allowed.includes(status)) throw new Error(`it ended with status ${status}`);
    }
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}
