import { readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileProblem } from '../../image/node/image-file-error.ts';
import { RunError } from '../run-settings.ts';

interface Holder {
  readonly host: string;
  readonly pid: number;
}

/**
 * Keeps every other program on this machine from training in a run folder until disposed: two would drop each other's checkpoints.
 * What a killed program left behind holds nothing. Throws RunError where another one trains in the folder.
 */
export async function holdFolder(path: string): Promise<AsyncDisposable> {
  const file = join(path, 'training.lock');
  const own: Holder = { host: hostname(), pid: process.pid };
  const taken = (): Promise<boolean> =>
    writeFile(file, JSON.stringify(own), { flag: 'wx' }).then(
      () => true,
      (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EEXIST') return false;
        throw fileProblem(file, cause);
      },
    );
  while (!(await taken())) {
    const holder = await holderOf(file);
    if (holder && holder.host === own.host && holder.pid !== own.pid && runs(holder.pid))
      throw new RunError(`${path}: process ${holder.pid} trains in it; wait until it has ended, or stop it`);
    await rm(file, { force: true });
  }
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

/** Null where the file is gone or was cut off. */
async function holderOf(file: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Signal 0 only asks; a process that may not be signalled runs. */
function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'EPERM';
  }
}
