import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const root = fileURLToPath(new URL('../../../..', import.meta.url));
export const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

/** Runs the command in a process of its own. */
export const diffad = (args: readonly string[]): Promise<Answer> =>
  answerOf(process.execPath, ['--import', 'tsx', main, ...args]);

/** Runs the command as `npm run diffad` does, in a process group of its own; `spoken` gets the first process and all that was said so far. */
export function npmRunDiffad(args: readonly string[], spoken: Spoken): Promise<Answer> {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { diffad: string } };
  const [, ...script] = scripts.diffad.split(' ');
  return answerOf(process.execPath, [...script, ...args], { cwd: root, detached: true }, spoken);
}

type Spoken = (child: ChildProcess, said: string) => void;

function answerOf(command: string, args: readonly string[], options?: SpawnOptions, spoken?: Spoken): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'pipe', env: { ...process.env, NO_COLOR: '1' } });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text) => {
      stdout += text;
      spoken?.(child, stdout + stderr);
    });
    child.stderr.on('data', (text) => {
      stderr += text;
      spoken?.(child, stdout + stderr);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** What a failed command said, without what Dawn and the adapter say. */
export const complaint = ({ stderr }: Answer): string[] =>
  stderr.split('\n').filter((line) => line !== '' && !/^(Warning: |adapter: )/.test(line));
