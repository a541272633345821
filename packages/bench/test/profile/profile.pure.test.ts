import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelTiming } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changes, readKernels } from '../../src/profile/compare.ts';
import { type Call, callsOf, groupsOf, pathsOf } from '../../src/profile/kernels.ts';
import { boundOf } from '../../src/profile/roof.ts';
import { rooflinePlot } from '../../src/profile/roofline-plot.ts';
import { type Round, totalsOf } from '../../src/profile/rounds.ts';
import { makeFolderOf, traceEvents, traceText, writeTrace } from '../../src/profile/trace.ts';
import { RESULTS } from '../../src/results.ts';

const roofs = { fma: 10, copy: 2, launch: 100 };

test('the roof that allows the least binds, and its share is the time it allows over the time taken', () => {
  const load = { calls: 1, nanoseconds: 1000 };
  expect(boundOf({ ...load, flops: 5000, bytes: 100 }, roofs)).toEqual({ side: 'compute', share: 0.5 });
  expect(boundOf({ ...load, flops: 500, bytes: 1600 }, roofs)).toEqual({ side: 'memory', share: 0.8 });
  expect(boundOf({ ...load, calls: 3, flops: 10, bytes: 10 }, roofs)).toEqual({ side: 'launch', share: 0.3 });
});

/** Kernels one after another with a gap of `gap` nanoseconds. */
const timeline = (durations: readonly number[], gap: number, paths: readonly string[] = []): KernelTiming[] => {
  let at = 1e6;
  return durations.map((duration, i) => {
    const start = at;
    at += duration + gap;
    const shape = `[${i % 2}] -> [1]`;
    return {
      kernel: i % 3 === 0 ? 'add' : 'conv2d',
      label: shape,
      path: paths[i] ?? '',
      start,
      end: start + duration,
      flops: 10 * i,
      bytes: 8,
    };
  });
};

const rounds = fc.integer({ min: 1, max: 12 }).chain((length) =>
  fc.array(fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: length, maxLength: length }), {
    minLength: 1,
    maxLength: 5,
  }),
);

test('groups and layers keep every call, nanosecond and operation; shares add up to one', () => {
  fc.assert(
    fc.property(rounds, (durations) => {
      const calls = callsOf(durations.map((round) => timeline(round, 5, ['a.b.c', 'a.b.d', 'e'])));
      const total = (rows: readonly { calls: number; nanoseconds: number; flops: number }[]) => ({
        calls: rows.reduce((sum, row) => sum + row.calls, 0),
        nanoseconds: rows.reduce((sum, row) => sum + row.nanoseconds, 0),
        flops: rows.reduce((sum, row) => sum + row.flops, 0),
      });
      const groups = groupsOf(calls, roofs);
      const all = total(calls.map((call) => ({ calls: 1, ...call })));
      expect(total(groups)).toEqual(all);
      expect(total(pathsOf(calls, 2))).toEqual(all);
      expect(groups.reduce((sum, { ofTotal }) => sum + ofTotal, 0)).toBeCloseTo(1, 9);
      const times = groups.map(({ nanoseconds }) => nanoseconds);
      expect(times).toEqual([...times].sort((a, b) => b - a));
    }),
    { seed: 1, numRuns: 40 },
  );
});

test('layers are cut to a depth, kernels named with the dearest layer first', () => {
  const call = (path: string, nanoseconds: number): Call => ({
    kernel: 'k',
    shapes: 's',
    path,
    nanoseconds,
    flops: 1,
    bytes: 1,
  });
  const calls = [call('net.a.x', 1), call('net.b.y', 5), call('net.b.z', 2), call('', 1)];
  expect(pathsOf(calls, 2).map(({ path, calls: n }) => [path, n])).toEqual([
    ['net.b', 2],
    ['net.a', 1],
    ['outside layers', 1],
  ]);
  expect(groupsOf(calls, roofs)[0]?.paths).toEqual(['net.b.y', 'net.b.z', 'net.a.x', 'outside layers']);
});

test('rounds that recorded different kernels are not averaged', () => {
  expect(() => callsOf([timeline([1, 2], 0), timeline([1], 0)])).toThrow('round 1 has 1 dispatches, the first 2');
  const other = timeline([1], 0).map((timing) => ({ ...timing, kernel: 'mul' }));
  expect(() => callsOf([timeline([1], 0), other])).toThrow('dispatch 0 is add in one round and mul in another');
});

test('kernels and gaps make up the span; the cost of measuring is the wall time it adds', () => {
  const round = (gap: number): Round => ({
    plain: { recording: 1, wall: 10, processor: 20 },
    timed: { host: { recording: 1, wall: 10.2, processor: 21 }, timings: timeline([60, 40], gap) },
  });
  const { gpu } = totalsOf([round(0), round(100), round(300)]);
  expect(gpu?.kernels.median).toBe(100 / 1e6);
  expect(gpu?.span.median).toBe(200 / 1e6);
  expect(gpu?.covered).toMatchObject({ lower: 0.375, median: 0.5, upper: 0.75 });
  expect(gpu?.wallCost.median).toBeCloseTo(0.02, 9);
  expect(gpu?.processorCost.median).toBeCloseTo(0.05, 9);
  expect(totalsOf([{ plain: { recording: 1, wall: 10, processor: 20 }, timed: null }]).gpu).toBeNull();
});

interface Event {
  ph: string;
  tid?: number;
  name: string;
  ts: number;
  dur: number;
}

const host = [
  { name: 'record', start: 0, end: 1 },
  { name: 'wait for the GPU', start: 1, end: 4 },
];

test('the trace is one JSON document; layers open and close strictly nested, kernels end with the host', () => {
  const paths = ['net.a.x', 'net.a.y', 'net.b', '', 'loss', 'net.b'];
  const text = [...traceText(traceEvents(timeline([10, 20, 30, 40, 50, 60], 5, paths), host))].join('');
  const { traceEvents: events } = JSON.parse(text) as { traceEvents: Event[] };
  const kernels = events.filter(({ ph, tid }) => ph === 'X' && tid === 1);
  expect(kernels.map(({ dur }) => Math.round(1000 * dur))).toEqual([10, 20, 30, 40, 50, 60]);
  const [last] = kernels.slice(-1) as [Event];
  expect(last.ts + last.dur).toBeCloseTo(4000, 9);
  const open: string[] = [];
  const opened: string[] = [];
  let now = Number.NEGATIVE_INFINITY;
  for (const { ph, name, ts } of events) {
    if (ph !== 'B' && ph !== 'E') continue;
    expect(ts).toBeGreaterThanOrEqual(now);
    now = ts;
    if (ph === 'B') {
      open.push(name);
      opened.push(open.join('.'));
    } else expect(open.pop()).toBe(name);
  }
  expect(open).toEqual([]);
  expect(opened).toEqual(['net', 'net.a', 'net.a.x', 'net.a.y', 'net.b', 'loss', 'net', 'net.b']);
});

test('events are written while they are made, one document however many', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trace-'));
  try {
    const path = join(folder, 'not', 'there', 'trace.json');
    makeFolderOf(path);
    const count = 20_000;
    const events = function* (): Generator<object> {
      for (let i = 0; i < count; i++) yield { ph: 'X', name: `"${i}"\n`, ts: i, dur: 1 };
    };
    await writeTrace(path, events());
    const { traceEvents: written } = JSON.parse(readFileSync(path, 'utf8')) as { traceEvents: Event[] };
    expect(written).toHaveLength(count);
    expect(written.at(-1)).toEqual({ ph: 'X', name: `"${count - 1}"\n`, ts: count - 1, dur: 1 });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('profiles are compared kernel by kernel, the largest difference first', () => {
  const of = (kernel: string, nanoseconds: number) => ({ kernel, shapes: 's', calls: 1, nanoseconds });
  const found = changes(
    [of('same', 5), of('faster', 90), of('gone', 7)],
    [of('faster', 30), of('same', 5), of('new', 20)],
  );
  expect(found.map(({ kernel, before, after, difference }) => [kernel, before, after, difference])).toEqual([
    ['faster', 90, 30, -60],
    ['new', null, 20, 20],
    ['gone', 7, null, -7],
    ['same', 5, 5, 0],
  ]);
});

test('the roofline plot is an SVG with a mark for every kernel that computes', async () => {
  const calls = callsOf([timeline([10, 20, 30, 40], 0)]);
  const svg = await rooflinePlot('title of the plot', groupsOf(calls, roofs), roofs);
  expect(svg).toMatch(/^<svg/);
  expect(svg).toContain('title of the plot');
  expect(svg).toContain('FLOP per byte');
  expect(svg.match(/aria-roledescription="circle"/g)).toHaveLength(
    groupsOf(calls, roofs).filter(({ flops }) => flops > 0).length,
  );
});

test('what is compared with is a result of profile, or refused in one line with its name', () => {
  const own = join(RESULTS, 'profile-tiny-unet-train.json');
  expect(readKernels(own).length).toBeGreaterThan(10);
  const folder = mkdtempSync(join(tmpdir(), 'diffad-bench-'));
  const file = join(folder, 'older.json');
  const refusal = (problem: string): string =>
    `--compare ${file}: ${problem}; give the NAME.json that an earlier profile wrote`;
  expect(() => readKernels(file)).toThrow(refusal('does not exist'));
  writeFileSync(file, '# profile');
  expect(() => readKernels(file)).toThrow(refusal('is no JSON'));
  for (const content of [
    'null',
    '[]',
    '{"profile":null}',
    '{"profile":{"kernels":{}}}',
    '{"profile":{"kernels":[null]}}',
  ]) {
    writeFileSync(file, content);
    expect(() => readKernels(file), content).toThrow(refusal('is no result of diffad-bench profile'));
  }
  rmSync(folder, { recursive: true });
});
