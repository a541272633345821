import fc from 'fast-check';
import { expect, test } from 'vitest';
import { difference, disagreement } from '../../src/peers/agreement.ts';
import { Contestant } from '../../src/peers/contestant.ts';
import { move, orders } from '../../src/peers/libraries/order.ts';
import { merge, mismatches } from '../../src/peers/measure.ts';
import { Meter } from '../../src/peers/meter.ts';
import type { Peer } from '../../src/peers/peer.ts';
import { lookup, type Work } from '../../src/peers/work.ts';

test('moving axes and back gives the same numbers, and each lies where its index says', () => {
  const extents = fc.tuple(
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
    fc.integer({ min: 1, max: 4 }),
  );
  fc.assert(
    fc.property(extents, ([a, b, c]) => {
      const shape = [2, a, b, c];
      const data = Float32Array.from({ length: 2 * a * b * c }, (_, i) => i);
      const there = move(data, shape, orders.pictures);
      expect(there.shape).toEqual([2, c, a, b]);
      expect(there.data[(c - 1) * a * b]).toBe(c - 1);
      const back = move(there.data, there.shape, [0, 2, 3, 1]);
      expect(back).toEqual({ data, shape });
    }),
    { seed: 1, numRuns: 30 },
  );
});

test('the difference is a share of the largest magnitude, and infinite where something is not a number', () => {
  expect(difference(Float32Array.of(1, -4), Float32Array.of(1, -3))).toBe(0.25);
  expect(difference(Float32Array.of(0, 0), Float32Array.of(0, 0.5))).toBe(0.5);
  expect(difference(Float32Array.of(1, 2), Float32Array.of(1, Number.NaN))).toBe(Number.POSITIVE_INFINITY);
  expect(() => difference(Float32Array.of(1), Float32Array.of(1, 2))).toThrow('results of 1 and 2 numbers');
  expect(() => disagreement([Float32Array.of(1)], [])).toThrow('1 and 0 results');
});

/** A device that makes nothing. */
const fakeGpu = () =>
  ({
    createBuffer: ({ size }: GPUBufferDescriptor) => ({ size, destroy: () => undefined }),
    createComputePipeline: () => ({}),
    createComputePipelineAsync: async () => ({}),
  }) as unknown as GPUDevice;

test('the meter counts pipelines and the most bytes at once; a buffer destroyed twice counts once', () => {
  const gpu = fakeGpu();
  const meter = new Meter(gpu);
  const [first, second] = [100, 50].map((size) => gpu.createBuffer({ size, usage: 0 }));
  first?.destroy();
  first?.destroy();
  gpu.createBuffer({ size: 20, usage: 0 });
  gpu.createComputePipeline({} as GPUComputePipelineDescriptor);
  expect([meter.peakBytes, meter.pipelines]).toEqual([150, 1]);
  meter.restart();
  expect(meter.peakBytes).toBe(70);
  second?.destroy();
  expect(meter.peakBytes).toBe(70);
});

const work: Work = {
  name: 'counting',
  kind: 'train',
  parameters: {},
  inputs: {},
  compute: (ops, get) => ops.sum(get('x')),
  result: { role: 'plain', shape: [] },
  tolerance: 0.01,
};

/** Gives the values of `losses` one after another. */
function fakePeer(name: string, losses: readonly number[]): Peer {
  let step = 0;
  const run = async (): Promise<Float32Array[]> => [Float32Array.of(losses[step++] ?? Number.NaN)];
  const session = { run, ordered: (results: readonly Float32Array[]) => [...results], dispose: () => undefined };
  return { name, version: '1', gpu: fakeGpu(), notes: [], prepare: () => session };
}

const enter = async (peer: Peer): Promise<Contestant> => {
  const contestant = await Contestant.enter(peer, new Meter(peer.gpu), work);
  await contestant.time();
  return contestant;
};

test('training is compared step by step, and a library that drifts away is named', async () => {
  const reference = await enter(fakePeer('ours', [1, 0.5, 0.25]));
  const close = await enter(fakePeer('close', [1, 0.501, 0.25]));
  const drifting = await enter(fakePeer('drifting', [1, 0.5, 0.3]));
  expect(close.differenceFrom(reference)).toBeCloseTo(0.002, 6);
  expect(drifting.differenceFrom(reference)).toBeCloseTo(0.2, 6);
  const time = { lower: 1, median: 1, upper: 1, count: 1 };
  const row = (contestant: Contestant) => ({
    peer: contestant.peer.name,
    wall: time,
    processor: time,
    wallRatio: time,
    processorRatio: time,
    peakBytes: 0,
    difference: contestant.differenceFrom(reference),
  });
  const measured = [reference, close, drifting].map(row);
  const ceilings = { fma: time, copy: time };
  const stamp = { adapter: 'a', driver: 'd', processor: 'p', node: 'v20', commit: 'c', date: '2026' };
  const compared = { work: work.name, stamp, tolerance: 0.01, flops: null, ceilings, measured, failed: [] };
  const found = mismatches(compared);
  const other = { ...compared, work: 'another' };
  expect(merge([{ ...compared, tolerance: 1 }, other], compared)).toEqual([other, compared]);
  expect(found).toHaveLength(1);
  expect(found[0]).toMatch(/^counting: drifting differs by 0\.2.*, 0\.01 is allowed$/);
});

test('work that asks for an array it does not have says so', () => {
  expect(() => lookup({ x: 1 }, {})('y')).toThrow('the work has no array y');
});
