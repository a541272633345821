import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { DeviceError } from '../src/errors.ts';
import { type Block, BufferPool } from '../src/gpu/pool.ts';

vi.stubGlobal('GPUBufferUsage', { STORAGE: 128, COPY_SRC: 4, COPY_DST: 8 });

/** A device that has memory for so many bytes and says so a turn later, as WebGPU does. */
function deviceOf(memory: number) {
  const alive = new Set<object>();
  let used = 0;
  let failed = false;
  const gpu = {
    limits: { maxBufferSize: 2 ** 30, maxStorageBufferBindingSize: 2 ** 30 },
    pushErrorScope: () => undefined,
    createBuffer: ({ size }: { size: number }) => {
      failed = used + size > memory;
      const held = failed ? 0 : size;
      used += held;
      const buffer = {
        valid: !failed,
        destroy: () => {
          expect(alive.delete(buffer)).toBe(true);
          used -= held;
        },
      };
      alive.add(buffer);
      return buffer;
    },
    popErrorScope: async () => (failed ? { message: 'no memory' } : null),
  };
  return { gpu: gpu as unknown as GPUDevice, alive };
}

const valid = ({ buffer }: Block): boolean => (buffer as unknown as { valid: boolean }).valid;
const turn = (): Promise<void> => new Promise(setImmediate);

test('a buffer the driver had no memory for is destroyed, and not handed out again once that is known', async () => {
  const moves = fc.array(fc.record({ slot: fc.nat(5), size: fc.integer({ min: 1, max: 4 }), wait: fc.boolean() }));
  await fc.assert(
    fc.asyncProperty(moves, async (drawn) => {
      const { gpu, alive } = deviceOf(4096);
      const failures: DeviceError[] = [];
      const pool = new BufferPool(gpu, (error) => failures.push(error));
      const held = new Map<number, Block>();
      let made = new Set<Block>();
      for (const { slot, size, wait } of drawn) {
        const block = held.get(slot);
        if (block) {
          pool.release(block);
          held.delete(slot);
        } else {
          const next = pool.acquire(512 * size, 'a tensor');
          expect(valid(next) || !made.has(next)).toBe(true);
          held.set(slot, next);
        }
        if (!wait) continue;
        await turn();
        made = new Set([...made, ...held.values()]);
      }
      await turn();
      for (const block of held.values()) pool.release(block);
      for (const buffer of alive) expect(buffer).toMatchObject({ valid: true });
      pool.trim();
      expect([alive.size, pool.pooledBytes]).toEqual([0, 0]);
      for (const { kind, message } of failures)
        expect(`${kind}: ${message}`).toMatch(
          /^out-of-memory: out of GPU memory: \d+ bytes for a tensor; use a smaller batch, dispose tensors or call device\.trim\(\)$/,
        );
    }),
    { numRuns: 100, seed: 1 },
  );
});
