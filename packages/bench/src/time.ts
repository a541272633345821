import type { Device, KernelTiming } from '@diffad/tensor-core';

/** Nanoseconds the adapter spent in `timings`. */
export const nanoseconds = (timings: readonly KernelTiming[]): number =>
  timings.reduce((total, { start, end }) => total + end - start, 0);

/** Nanoseconds of the last kernel `fn` runs, by the adapter's clock; what came before it was set-up. */
export async function time(device: Device, fn: () => void): Promise<number> {
  return nanoseconds((await device.profile(fn)).slice(-1));
}

/** Repeats `fn` until a run of it makes no pipeline. */
export async function warmUp(device: Device, fn: () => Promise<unknown>): Promise<void> {
  let before: number;
  do {
    before = device.memory().pipelines;
    await fn();
  } while (device.memory().pipelines > before);
}

/** What something took: milliseconds of the clock, and of all processor threads of this process, which a software adapter is part of. */
export interface Taken {
  readonly wall: number;
  readonly processor: number;
}

/** Times `fn` until its promise resolves. Processor time does not see what else the machine does. */
export async function taken(fn: () => Promise<unknown>): Promise<Taken> {
  const before = process.cpuUsage();
  const started = performance.now();
  await fn();
  const wall = performance.now() - started;
  const { user, system } = process.cpuUsage(before);
  return { wall, processor: (user + system) / 1000 };
}
