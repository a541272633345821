import { type Rng, scope } from '@diffad/tensor-core';
import type { DiffAD } from '../diffad.ts';
import type { Simulator } from '../synthesis/simulator.ts';
import { chunks, stackImages, stackRows } from './batch.ts';
import type { ItemSource } from './draw.ts';

const GROUP = 32;

/** What the discriminator learns from, computed once because all before it is frozen: x_r, x_inter and x stacked, [H, W, 6 or 9]. */
export class TuplePool {
  readonly #model: DiffAD;
  readonly #steps: number;
  readonly #known = new Map<number, Float32Array>();

  constructor(model: DiffAD, steps: number) {
    this.#model = model;
    this.#steps = steps;
  }

  clear(): void {
    this.#known.clear();
  }

  /** Makes what is not known yet. The start noise of item i is drawn from `rng` forked at i. */
  async fetch(
    source: ItemSource,
    indices: readonly number[],
    rng: Rng,
    report?: (done: number) => void,
  ): Promise<Float32Array[]> {
    const missing = [...new Set(indices)].filter((index) => !this.#known.has(index));
    let done = 0;
    for (const group of chunks(missing, GROUP)) {
      await source.prefetch?.(group);
      await this.#make(source.simulator, group, rng);
      done += group.length;
      report?.(done);
    }
    return indices.map((index) => this.#known.get(index) as Float32Array);
  }

  async #make(simulator: Simulator, indices: readonly number[], rng: Rng): Promise<void> {
    const model = this.#model;
    const size = model.latentShape.reduce((a, b) => a * b, 1);
    const noise = indices.map((index) => rng.fork(index).normals(size));
    using stack = scope(() => {
      const x = stackImages(indices.map((index) => simulator.item(index).image));
      const c = model.encode(x);
      return model.stack(x, model.redraw(c, stackRows(noise, model.latentShape), this.#steps));
    });
    const data = (await stack.read()) as Float32Array;
    const length = data.length / indices.length;
    for (const [i, index] of indices.entries()) this.#known.set(index, data.slice(i * length, (i + 1) * length));
  }
}
