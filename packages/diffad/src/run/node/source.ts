import { execFileSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../../../package.json' with { type: 'json' };

/** Version of this package. */
export const { version } = manifest;

/** The commit this program was checked out at, marked when packages differ from it; a portable folder knows the one it was made from, an installed package none. */
export function commit(): string {
  if (process.env.DIFFAD_COMMIT) return process.env.DIFFAD_COMMIT;
  const here = fileURLToPath(import.meta.url);
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', dirname(here), ...args], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  try {
    git('ls-files', '--error-unmatch', here); // or it is installed in a repository of the user's
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', ':/packages') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? ', with changes' : '');
  } catch {
    return 'unknown';
  }
}
