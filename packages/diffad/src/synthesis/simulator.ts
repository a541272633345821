import type { Image } from '../image/image.ts';
import { type StoredImage, scaleOf } from '../image/stored-image.ts';
import { type Simulated, type SimulatedOptions, simulated } from './simulated.ts';

export interface SimulatorOptions extends SimulatedOptions {
  readonly seed: number;
  /** Keep made pictures, as many as this; item i is then item i mod pool. 0 makes all items different. */
  readonly pool: number;
}

/** Without a pool, so many of the last items are kept, so that threads can run ahead. */
const RECENT = 96;

/** Whether a picture is grey in all but format: its channels differ by less than 1 % on average. */
const looksGrey = (image: StoredImage): boolean => {
  const { data, channels } = image;
  if (channels === 1) return true;
  let difference = 0;
  for (let i = 0; i < data.length; i += 3)
    difference +=
      Math.abs((data[i] as number) - (data[i + 1] as number)) +
      Math.abs((data[i + 1] as number) - (data[i + 2] as number));
  return difference / data.length < 0.01 * scaleOf(image);
};

/** A source of {@link simulated} pictures that may keep a pool of them. What is pasted is turned grey where all normals are. */
export class Simulator {
  readonly normals: readonly StoredImage[];
  readonly textures: readonly Image[];
  readonly options: SimulatorOptions;
  readonly #made = new Map<number, Simulated>();

  constructor(normals: readonly StoredImage[], textures: readonly Image[], options: SimulatorOptions) {
    const { size } = options;
    if (normals.length === 0) throw new RangeError('Simulator: no normal pictures');
    const small = normals.find(({ width, height }) => Math.min(width, height) < size);
    if (small)
      throw new RangeError(
        `Simulator: a normal picture of ${small.width}x${small.height} px is smaller than ${size} px`,
      );
    this.normals = normals;
    this.textures = textures;
    this.options = { grey: normals.every(looksGrey), ...options };
  }

  item(index: number): Simulated {
    const key = this.key(index);
    const known = this.#made.get(key);
    if (known) return known;
    const made = simulated(this.options.seed, key, this.normals, this.textures, this.options);
    this.keep(key, made);
    return made;
  }

  /** The item that stands for `index`: with a pool, `index` modulo its size. */
  key(index: number): number {
    const { pool } = this.options;
    return pool === 0 ? index : index % pool;
  }

  holds(index: number): boolean {
    return this.#made.has(this.key(index));
  }

  /** Takes item `index`, made elsewhere, for instance in a thread; it must be what {@link simulated} makes. */
  keep(index: number, made: Simulated): void {
    this.#made.set(this.key(index), made);
    const limit = this.options.pool || RECENT;
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= limit) return;
      this.#made.delete(oldest);
    }
  }
}
