import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';

const helper = new URL('../../src/run/node/stop-on-interrupt.ts', import.meta.url).href;
const starter = new URL('../../../../scripts/lib/run.mjs', import.meta.url).href;
const evaluated = ['--input-type=module', '--eval'];

/** Runs `code`, which has `stop`, under the starter; `spoken` gets every piece of what it says and a Ctrl-C for all processes. */
function interrupted(code: string, spoken: (text: string, press: () => void) => void) {
  const program = `import { stopOnInterrupt } from '${helper}';
    const stop = stopOnInterrupt(console.log); setInterval(() => {}, 1000); ${code}; console.log('ready');`;
  const args = JSON.stringify(['--import', 'tsx', ...evaluated, program]);
  const starting = `import { run } from '${starter}'; process.exit(await run(process.execPath, ${args}));`;
  return new Promise<{ status: number | null; said: string }>((resolve) => {
    const group = spawn(process.execPath, [...evaluated, starting], { detached: true });
    const press = (): void => {
      if (group.exitCode === null && group.pid !== undefined) process.kill(-group.pid, 'SIGINT');
    };
    let said = '';
    group.stdout.on('data', (text) => {
      said += text;
      spoken(String(text), press);
    });
    group.stderr.on('data', (text) => {
      said += text;
    });
    group.on('close', (status) => resolve({ status, said }));
  });
}

const anyGroup = test.skipIf(process.platform === 'win32');

anyGroup('one keypress that arrives many times, even after a long busy spell, lets the work be saved', async () => {
  const save = `stop.signal.onabort = () => setImmediate(() => {
    console.log('busy');
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1500);
    stop[Symbol.dispose]();
    setTimeout(() => { console.log('saved'); process.exit(2); }, 100);
  })`;
  const { status, said } = await interrupted(save, (text, press) => {
    if (/ready|stopping|busy/.test(text)) press();
  });
  expect(said.match(/stopping/g)).toHaveLength(1);
  expect(said).toMatch(/saved\n$/);
  expect(status).toBe(2);
});

anyGroup('a later keypress ends the process at once', async () => {
  const { status, said } = await interrupted('', (text, press) => {
    if (text.includes('ready')) press();
    if (text.includes('stopping')) setInterval(press, 700).unref();
  });
  expect(said.match(/stopping/g)).toHaveLength(1);
  expect(status).toBe(130);
});

anyGroup('disposed, it leaves Ctrl-C as it was', async () => {
  const { status, said } = await interrupted('stop[Symbol.dispose]()', (_, press) => press());
  expect(said).toBe('ready\n');
  expect(status).toBe(130);
});
