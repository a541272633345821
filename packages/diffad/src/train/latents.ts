import { add, exp, mul, type Rng, randn, scope, type Tensor } from '@diffad/tensor-core';
import type { DiffAD } from '../diffad.ts';
import type { Simulated } from '../synthesis/simulated.ts';
import { chunks, stackImages, stackRows } from './batch.ts';
import type { PooledSource } from './draw.ts';

const GROUP = 32;

/** Latents of one item, unscaled: the posterior of the normal, and the mean of the spoiled picture. */
interface Latents {
  readonly mean: Float32Array;
  readonly deviation: Float32Array;
  readonly condition: Float32Array;
}

/** Encodes every item once; the autoencoder is frozen by now. */
export class LatentCache {
  readonly #model: DiffAD;
  readonly #data: PooledSource;
  readonly #known = new Map<number, Latents>();

  constructor(model: DiffAD, data: PooledSource) {
    this.#model = model;
    this.#data = data;
  }

  /** Encodes what is not known yet. Without a pool nothing is kept beyond the call. */
  async fetch(indices: readonly number[], report?: (done: number) => void): Promise<Latents[]> {
    if (this.#data.pool === 0) this.#known.clear();
    const missing = [...new Set(indices)].filter((index) => !this.#known.has(index));
    let done = indices.length - missing.length;
    for (const group of chunks(missing, GROUP)) {
      await this.#encode(group);
      done += group.length;
      report?.(done);
    }
    return indices.map((index) => this.#known.get(index) as Latents);
  }

  async #encode(indices: readonly number[]): Promise<void> {
    await this.#data.prefetch?.(indices);
    const pairs = indices.map((index) => this.#data.simulator.item(index));
    const { autoencoder } = this.#model;
    const pictures = (pick: (pair: Simulated) => Simulated['image']): Tensor => stackImages(pairs.map(pick));
    const parts = scope(() => {
      const { mean, logVariance } = autoencoder.encode(pictures(({ normal }) => normal));
      const condition = autoencoder.encode(pictures(({ image }) => image)).mean;
      return [mean, exp(mul(logVariance, 0.5)), condition];
    });
    const [mean, deviation, condition] = (await Promise.all(parts.map((part) => part.read()))) as [
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    for (const part of parts) part.dispose();
    const size = mean.length / indices.length;
    for (const [i, index] of indices.entries()) {
      const row = (data: Float32Array): Float32Array => data.slice(i * size, (i + 1) * size);
      this.#known.set(index, { mean: row(mean), deviation: row(deviation), condition: row(condition) });
    }
  }

  /** Scaled latents of normals, drawn from their posterior, with the scaled condition: both [B, h, w, C]. */
  async batch(indices: readonly number[], rng: Rng): Promise<{ latents: Tensor; condition: Tensor }> {
    const rows = await this.fetch(indices);
    const { latentScale, latentShape } = this.#model;
    const stack = (key: keyof Latents): Tensor =>
      stackRows(
        rows.map((row) => row[key]),
        latentShape,
      );
    return scope(() => {
      const mean = stack('mean');
      const latents = add(mean, mul(stack('deviation'), randn(mean.shape, rng)));
      return { latents: mul(latents, latentScale), condition: mul(stack('condition'), latentScale) };
    });
  }

  /** Standard deviation of the latents of normals, over the first items. Spec 1.3. */
  async deviation(count: number): Promise<number> {
    const rows = await this.fetch(Array.from({ length: count }, (_, i) => i));
    let [sum, squares, n] = [0, 0, 0];
    for (const { mean } of rows)
      for (const value of mean) {
        sum += value;
        squares += value * value;
        n++;
      }
    return Math.sqrt(squares / n - (sum / n) ** 2);
  }
}
