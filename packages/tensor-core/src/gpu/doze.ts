import { underNode } from './under-node.ts';

/** Short waits stay awake; longer ones sleep so many milliseconds between two questions. */
const AWAKE_MS = 2;
const ASLEEP_MS = 1;

let waits = 0;
let began = 0;
let asking = false;
let bed: Int32Array | undefined;

/**
 * Waits for a promise of the GPU. Under Node, Dawn asks the GPU in a busy loop while one is pending, and so takes a whole core
 * from a software adapter; here a long wait sleeps between the questions. Browsers wait without asking.
 */
export async function dozing<T>(promise: Promise<T>): Promise<T> {
  if (!underNode()) return promise;
  if (waits++ === 0) began = performance.now();
  if (!asking) setImmediate(doze);
  asking = true;
  try {
    return await promise;
  } finally {
    waits--;
  }
}

function doze(): void {
  asking = waits > 0;
  if (!asking) return;
  bed ??= new Int32Array(new SharedArrayBuffer(4));
  if (performance.now() - began > AWAKE_MS) Atomics.wait(bed, 0, 0, ASLEEP_MS);
  setImmediate(doze);
}
