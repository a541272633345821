import { expect, test } from 'vitest';
import { currentDevice, matmul, Rng, randn, scope } from '../src/index.ts';

test('a long wait for the GPU leaves the event loop asleep most of the time', async () => {
  let turns = 0;
  let waiting = true;
  const count = (): void => {
    turns++;
    if (waiting) setImmediate(count);
  };
  using x = randn([512, 512], new Rng(1));
  const y = scope(() => Array.from({ length: 8 }).reduce<typeof x>((product) => matmul(product, x), x));
  const started = performance.now();
  setImmediate(count);
  await currentDevice().sync();
  waiting = false;
  const milliseconds = performance.now() - started;
  expect(turns).toBeLessThan(3 * milliseconds + 100); // Dawn alone turns it some twenty times a millisecond
  y.dispose();
});
