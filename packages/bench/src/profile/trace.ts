import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { KernelTiming } from '@diffad/tensor-core';

const PROCESS = 1;
const [KERNELS, LAYERS, HOST] = [1, 2, 3];
const NAMES = new Map([
  [KERNELS, 'GPU kernels'],
  [LAYERS, 'layers on the GPU'],
  [HOST, 'host'],
]);

/** Something the host did; milliseconds from the start of the step. */
export interface HostSpan {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Chrome trace events of one step, one after another: kernels, the layers they ran for as nested slices, and the host.
 * The clocks of host and GPU are laid together at their ends, when the host has waited for the GPU.
 */
export function* traceEvents(timings: readonly KernelTiming[], host: readonly HostSpan[]): Generator<object> {
  yield { ph: 'M', pid: PROCESS, name: 'process_name', args: { name: 'diffad-bench profile' } };
  for (const [tid, name] of NAMES) yield { ph: 'M', pid: PROCESS, tid, name: 'thread_name', args: { name } };
  for (const { name, start, end } of host) yield slice(HOST, name, 1000 * start, 1000 * end, {});
  const hostEnd = 1000 * Math.max(0, ...host.map(({ end }) => end));
  const last = timings.at(-1)?.end ?? 0;
  const at = (nanoseconds: number): number => hostEnd - (last - nanoseconds) / 1000;
  const open: string[] = [];
  let end = 0;
  for (const timing of timings) {
    const names = timing.path ? timing.path.split('.') : [];
    const shared = names.findIndex((name, i) => open[i] !== name);
    const kept = shared === -1 ? names.length : shared;
    while (open.length > kept) yield mark('E', open.pop() as string, end);
    for (const name of names.slice(kept)) {
      open.push(name);
      yield mark('B', name, at(timing.start));
    }
    end = at(timing.end);
    const { kernel, label, path, flops, bytes } = timing;
    yield slice(KERNELS, kernel, at(timing.start), end, { shapes: label, path, flops, bytes });
  }
  while (open.length > 0) yield mark('E', open.pop() as string, end);
}

const mark = (ph: 'B' | 'E', name: string, ts: number): object => ({ ph, pid: PROCESS, tid: LAYERS, name, ts });

const slice = (tid: number | undefined, name: string, from: number, to: number, args: object): object => ({
  ph: 'X',
  pid: PROCESS,
  tid,
  name,
  ts: from,
  dur: to - from,
  args,
});

/** Pieces of one JSON document. */
export function* traceText(events: Iterable<object>): Generator<string> {
  yield '{"displayTimeUnit":"ns","traceEvents":[\n';
  let separator = '';
  for (const event of events) {
    yield separator + JSON.stringify(event);
    separator = ',\n';
  }
  yield '\n]}\n';
}

/** Makes the folder of a trace: before measuring, which takes minutes. */
export const makeFolderOf = (path: string): void => void mkdirSync(dirname(path), { recursive: true });

/** Writes events as they come; they are never held together. Opens in Perfetto, speedscope and the browser's own tools. */
export const writeTrace = (path: string, events: Iterable<object>): Promise<void> =>
  pipeline(Readable.from(traceText(events)), createWriteStream(path));
