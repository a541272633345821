import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { main } from './diffad.ts';

test('who reads no further, as head does, ends the command without a word', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.destroy();
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  expect({ said, code }).toEqual({ said: '', code: 2 });
});

const runner = new URL('../../src/cli/run-program.ts', import.meta.url).href;

test('who hears no further, as tee after Ctrl-C, ends nothing: what is begun is finished', async () => {
  const program = `import { runProgram } from '${runner}';
    import { setTimeout } from 'node:timers/promises';
    await runProgram({
      hook() {},
      async parseAsync() {
        for (const said of ['one', 'two']) {
          await setTimeout(100);
          process.stderr.write(said);
        }
        console.log('saved');
        process.exitCode = 5;
      },
    });`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stderr.destroy();
  const [said, [code]] = await Promise.all([text(child.stdout), once(child, 'close')]);
  expect({ said, code }).toEqual({ said: 'saved\n', code: 5 });
});
