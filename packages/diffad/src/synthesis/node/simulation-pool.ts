import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Simulated } from '../simulated.ts';
import type { Simulator } from '../simulator.ts';
import type { SimulationResult } from './protocol.ts';
import { shareImage } from './share-image.ts';
import { startWorker } from './start-worker.ts';

interface Waiting {
  readonly index: number;
  readonly resolve: (made: Simulated) => void;
  readonly reject: (cause: Error) => void;
}

/**
 * Threads of low priority that make a simulator's pictures beside training. They only run ahead: `simulator.item` gives the same
 * picture whether a thread has made it yet or not. Close it when done.
 */
export class SimulationPool implements AsyncDisposable {
  readonly #simulator: Simulator;
  readonly #workers: readonly Worker[];
  readonly #idle: Worker[];
  readonly #queue: Waiting[] = [];
  readonly #running = new Map<Worker, Waiting>();
  /** What is being made, by key, so that nothing is made twice. */
  readonly #making = new Map<number, Promise<void>>();
  #ended: Error | null = null;

  /** `threads` defaults to all cores but two, and one at least. */
  constructor(simulator: Simulator, { threads = Math.max(1, availableParallelism() - 2) } = {}) {
    this.#simulator = simulator;
    const { options } = simulator;
    const work = { normals: simulator.normals.map(shareImage), textures: simulator.textures.map(shareImage), options };
    this.#workers = Array.from({ length: threads }, () => startWorker(work));
    this.#idle = [...this.#workers];
    for (const worker of this.#workers) {
      worker.on('message', (result: SimulationResult) => this.#done(worker, result));
      worker.on('error', (cause) => this.#fail(cause as Error));
    }
  }

  /** Makes the items that the simulator does not hold yet and gives them to it. Resolves when all are there; rejects once closed. */
  async prefetch(indices: readonly number[]): Promise<void> {
    const missing = new Set(indices.map((index) => this.#simulator.key(index)));
    await Promise.all([...missing].filter((key) => !this.#simulator.holds(key)).map((key) => this.#once(key)));
  }

  #once(key: number): Promise<void> {
    const known = this.#making.get(key);
    if (known) return known;
    const making = this.#make(key).finally(() => this.#making.delete(key));
    this.#making.set(key, making);
    return making;
  }

  /** Ends the threads. Items that are still being made are dropped, and waiting calls reject. */
  async close(): Promise<void> {
    this.#fail(new Error('SimulationPool: closed'));
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #make(index: number): Promise<void> {
    if (this.#ended) throw this.#ended;
    const made = await new Promise<Simulated>((resolve, reject) => {
      this.#queue.push({ index, resolve, reject });
      this.#dispatch();
    });
    this.#simulator.keep(index, made);
  }

  #dispatch(): void {
    while (this.#idle.length > 0 && this.#queue.length > 0) {
      const worker = this.#idle.pop() as Worker;
      const task = this.#queue.shift() as Waiting;
      this.#running.set(worker, task);
      worker.postMessage({ index: task.index });
    }
  }

  #done(worker: Worker, { made }: SimulationResult): void {
    this.#running.get(worker)?.resolve(made);
    this.#running.delete(worker);
    this.#idle.push(worker);
    this.#dispatch();
  }

  #fail(cause: Error): void {
    this.#ended ??= cause;
    for (const { reject } of [...this.#running.values(), ...this.#queue.splice(0)]) reject(cause);
    this.#running.clear();
  }
}
