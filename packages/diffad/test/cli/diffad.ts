import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command as a user does, in a process of its own; `started` gets the process and what it has said so far. */
export function diffad(
  args: readonly string[],
  started: (child: ChildProcess, said: () => string) => void = () => undefined,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], {
      env: { ...process.env, NO_COLOR: '1' },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
    });
    child.stderr.on('data', (text) => {
      stderr += text;
      started(child, () => stderr);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What a failed command said, without what Dawn and the adapter say. */
export const complaint = ({ stderr }: Answer): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/^(Warning: |adapter: )/.test(line));
