import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { SimulationPool } from '../../../src/synthesis/node/simulation-pool.ts';
import { Simulator } from '../../../src/synthesis/simulator.ts';
import { noise } from '../pictures.ts';

const options = {
  size: 32,
  rotation: { probability: 0.3, degrees: 90 },
  dihedral: false,
  perlinMaxExponent: 3,
  seed: 5,
  pool: 0,
};
const simulator = (pool = 0) => new Simulator([noise(32, 1), noise(32, 2)], [noise(32, 3)], { ...options, pool });

describe('SimulationPool', () => {
  test('threads make what the simulator makes, any number of them, in any order', async () => {
    const [filled, alone] = [simulator(), simulator()];
    await using pool = new SimulationPool(filled, { threads: 2 });
    await Promise.all([pool.prefetch([5, 3, 8]), pool.prefetch([1, 3])]);
    for (const index of [1, 3, 5, 8]) {
      expect(filled.holds(index)).toBe(true);
      expect(filled.item(index)).toEqual(alone.item(index));
    }
    expect(filled.holds(2)).toBe(false);
  });

  test('a pool of kept items is filled once', async () => {
    const kept = simulator(4);
    await using pool = new SimulationPool(kept, { threads: 1 });
    await pool.prefetch([0, 1, 2, 3, 4, 5, 6, 7]);
    const first = kept.item(0);
    await pool.prefetch([0, 4]);
    expect(kept.item(4)).toBe(first);
  });

  test('an item that is being made is not made again', async () => {
    const filled = simulator();
    await using pool = new SimulationPool(filled, { threads: 1 });
    let kept = 0;
    const keep = filled.keep.bind(filled);
    filled.keep = (index, made) => {
      kept++;
      keep(index, made);
    };
    await Promise.all([pool.prefetch([1, 2]), pool.prefetch([2, 1]), pool.prefetch([1])]);
    expect(kept).toBe(2);
  });

  test('closing rejects what is waiting', async () => {
    const pool = new SimulationPool(simulator(), { threads: 1 });
    const waiting = expect(pool.prefetch([1, 2, 3])).rejects.toThrow('SimulationPool: closed');
    await pool.close();
    await waiting;
    await expect(pool.prefetch([4])).rejects.toThrow('SimulationPool: closed');
  });

  test.runIf(process.platform === 'linux')('its threads give way to training', async () => {
    await using pool = new SimulationPool(simulator(), { threads: 1 });
    await pool.prefetch([0]);
    const nice = readdirSync('/proc/self/task').map((thread) => Number(niceOf(thread)));
    expect(Math.max(...nice)).toBeGreaterThan(0);
    expect(Math.min(...nice)).toBeLessThan(Math.max(...nice));
  });
});

/** Field 19 of the thread's stat; the name before it may hold spaces. */
function niceOf(thread: string): string | undefined {
  return readFileSync(`/proc/self/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[16];
}

test('without a pool the simulator holds the last items only', () => {
  const plain = simulator();
  for (let i = 0; i < 100; i++) plain.item(i);
  expect([plain.holds(0), plain.holds(99)]).toEqual([false, true]);
});
