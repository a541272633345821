import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };

/** Version of this package. */
export const { version } = manifest;

/** What makes the program; results of `bench` lie beside it. */
const SOURCES = [':/packages', ':(top,exclude)packages/bench/results'];

/** The commit that `here`, a file of this program, was checked out at, marked when packages differ from it; a portable folder knows the one it was made from, an installed package none. */
export function commit(here = fileURLToPath(import.meta.url)): string {
  if (process.env.DIFFAD_COMMIT) return process.env.DIFFAD_COMMIT;
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', dirname(here), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    git('ls-files', '--error-unmatch', here); // or it is installed in a repository of the user's
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ...SOURCES) !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? ', with changes' : '');
  } catch {
    return 'unknown';
  }
}
