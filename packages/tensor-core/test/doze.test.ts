import { expect, test, vi } from 'vitest';
import { currentDevice, matmul, Rng, randn, scope } from '../src/index.ts';

interface Wait {
  readonly turns: number;
  readonly sleeps: number;
  readonly asleep: number;
  readonly milliseconds: number;
}

/** Waits for a long piece of work; how often the event loop turned meanwhile, how often and how long it slept. */
async function longWait(): Promise<Wait> {
  let turns = 0;
  let waiting = true;
  const count = (): void => {
    turns++;
    if (waiting) setImmediate(count);
  };
  using x = randn([512, 512], new Rng(1));
  using _ = scope(() => Array.from({ length: 8 }).reduce<typeof x>((product) => matmul(product, x), x));
  let asleep = 0;
  const { wait } = Atomics;
  const sleep = vi.spyOn(Atomics, 'wait').mockImplementation((...args) => {
    const from = performance.now();
    const woken = Reflect.apply(wait, Atomics, args);
    asleep += performance.now() - from;
    return woken;
  });
  const started = performance.now();
  setImmediate(count);
  await currentDevice().sync();
  waiting = false;
  const sleeps = sleep.mock.calls.length;
  sleep.mockRestore();
  return { turns, sleeps, asleep, milliseconds: performance.now() - started };
}

test('a long wait for the GPU leaves the event loop asleep most of the time', async () => {
  const { asleep, milliseconds } = await longWait();
  if (currentDevice().info.software) expect(asleep).toBeGreaterThan(milliseconds / 2); // a GPU may be done before a wait is a long one
});

test('a wait sleeps once a turn, however many came before it', async () => {
  for (let i = 0; i < 50; i++) await currentDevice().sync();
  const { turns, sleeps } = await longWait();
  if (currentDevice().info.software) expect(sleeps).toBeGreaterThan(0);
  expect(sleeps).toBeLessThanOrEqual(turns + 1);
});
