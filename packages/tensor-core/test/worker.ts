import { parentPort } from 'node:worker_threads';
import { init, mul, scope, tensor } from '../src/index.ts';

await init();
const y = scope(() => mul(tensor([6], [1]), 7));
parentPort?.postMessage(await y.item());
y.dispose();
