import { execFileSync } from 'node:child_process';
import { cpus } from 'node:os';
import type { Device } from '@diffad/tensor-core';

/** Where and when a figure was measured. */
export interface Environment {
  readonly adapter: string;
  readonly driver: string;
  readonly processor: string;
  readonly node: string;
  readonly commit: string;
  readonly date: string;
}

export function environment(device: Device): Environment {
  const { vendor, architecture, device: name, description } = device.gpu.adapterInfo;
  const { model = 'unknown' } = cpus()[0] ?? {};
  return {
    adapter: [vendor, architecture, name].filter(Boolean).join(' '),
    driver: description,
    processor: `${cpus().length} x ${model}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString(),
  };
}

/** The commit checked out, marked when tracked files differ from it; a portable folder knows the one it was made from. */
function commit(): string {
  if (process.env.DIFFAD_COMMIT) return process.env.DIFFAD_COMMIT;
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'packages') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? ', with changes' : '');
  } catch {
    return 'unknown';
  }
}
