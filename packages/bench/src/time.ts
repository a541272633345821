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
