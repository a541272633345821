import { expect, test, vi } from 'vitest';
import { currentDevice, matmul, Rng, randn, scope } from '../src/index.ts';

/** Waits for a long piece of work; how often the event loop turned meanwhile, and how often it slept. */
async function longWait(): Promise<{ turns: number; sleeps: number; milliseconds: number }> {
  let turns = 0;
  let waiting = true;
  const count = (): void => {
    turns++;
    if (waiting) setImmediate(count);
  };
  using x = randn([512, 512], new Rng(1));
  using _ = scope(() => Array.from({ length: 8 }).reduce<typeof x>((product) => matmul(product, x), x));
  const sleep = vi.spyOn(Atomics, 'wait');
  const started = performance.now();
  setImmediate(count);
  await currentDevice().sync();
  waiting = false;
  const sleeps = sleep.mock.calls.length;
  sleep.mockRestore();
  return { turns, sleeps, milliseconds: performance.now() - started };
}

test('a long wait for the GPU leaves the event loop asleep most of the time', async () => {
  const { turns, milliseconds } = await longWait();
  expect(turns).toBeLessThan(3 * milliseconds + 100); // Dawn alone turns it some twenty times a millisecond
});

test('a wait sleeps once a turn, however many came before it', async () => {
  for (let i = 0; i < 50; i++) await currentDevice().sync();
  const { turns, sleeps } = await longWait();
  expect(sleeps).toBeGreaterThan(0);
  expect(sleeps).toBeLessThanOrEqual(turns + 1);
});
