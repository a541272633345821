import { Worker } from 'node:worker_threads';
import type { SimulationWork } from './protocol.ts';

/** Starts one thread. The published package runs JavaScript; a checkout runs TypeScript, for which the thread loads tsx first. */
export function startWorker(workerData: SimulationWork): Worker {
  if (import.meta.url.endsWith('.ts')) return new Worker(throughTsx(), { workerData, eval: true });
  return new Worker(new URL('./simulation-worker.js', import.meta.url), { workerData });
}

function throughTsx(): string {
  const file = new URL('./simulation-worker.ts', import.meta.url).href;
  const here = JSON.stringify(import.meta.url);
  return `require('node:module').register('tsx/esm', ${here}, { data: true }); import(${JSON.stringify(file)});`;
}
