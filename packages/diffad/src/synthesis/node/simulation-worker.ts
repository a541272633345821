import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { simulated } from '../simulated.ts';
import type { SimulationTask, SimulationWork } from './protocol.ts';

// On Linux a thread has a priority of its own: training goes first. Elsewhere this would slow the whole process.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

const { normals, textures, options } = workerData as SimulationWork;

parentPort?.on('message', ({ index }: SimulationTask) => {
  const made = simulated(options.seed, index, normals, textures, options);
  parentPort?.postMessage({ index, made });
});
