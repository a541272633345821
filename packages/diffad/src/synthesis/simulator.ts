import { Rng } from '@diffad/tensor-core';
import { toGrey, toRgb } from '../image/channels.ts';
import { dihedral } from '../image/dihedral.ts';
import type { Image, Mask } from '../image/image.ts';
import { crop } from '../image/letterbox.ts';
import { resize } from '../image/resize.ts';
import { rotate } from '../image/rotate.ts';
import { type SimulationOptions, simulateAnomaly } from './simulate-anomaly.ts';
import { proceduralTexture } from './textures.ts';

/** A normal picture, the same with a simulated defect, and where the defect lies. All of one size. */
export interface Simulated {
  readonly normal: Image;
  readonly image: Image;
  readonly mask: Mask;
}

export interface SimulatorOptions extends SimulationOptions {
  readonly seed: number;
  /** Side of the square pictures made, in pixels. */
  readonly size: number;
  /** Share of normals that are rotated, and by how many degrees at most. */
  readonly rotation: { readonly probability: number; readonly degrees: number };
  /** Random quarter turns and mirrorings. */
  readonly dihedral: boolean;
  /** Keep made pictures, as many as this; item i is then item i mod pool. 0 makes every item anew. */
  readonly pool: number;
}

/** Whether pictures are grey in all but format: their channels differ by less than 1 % on average. */
const looksGrey = ({ data }: Image): boolean => {
  let difference = 0;
  for (let i = 0; i < data.length; i += 3)
    difference +=
      Math.abs((data[i] as number) - (data[i + 1] as number)) +
      Math.abs((data[i + 1] as number) - (data[i + 2] as number));
  return difference / data.length < 0.01;
};

/** Makes training pictures from (seed, index) alone, the same in every runtime. Spec 2. */
export class Simulator {
  readonly #normals: readonly Image[];
  readonly #textures: readonly Image[];
  readonly #options: SimulatorOptions;
  readonly #grey: boolean;
  readonly #made = new Map<number, Simulated>();

  /**
   * `normals` are [H, W, 3] with both sides at least `size`; larger ones give random windows. Without `textures` made-up ones are
   * pasted. Textures are turned grey for grey surfaces.
   */
  constructor(normals: readonly Image[], textures: readonly Image[], options: SimulatorOptions) {
    if (normals.length === 0) throw new RangeError('Simulator: no normal pictures');
    this.#normals = normals;
    this.#textures = textures;
    this.#options = options;
    this.#grey = normals.every(looksGrey);
  }

  item(index: number): Simulated {
    const { pool } = this.#options;
    if (pool === 0) return this.#make(index);
    const known = this.#made.get(index % pool);
    if (known) return known;
    const made = this.#make(index % pool);
    this.#made.set(index % pool, made);
    return made;
  }

  #make(index: number): Simulated {
    const rng = new Rng(this.#options.seed).fork(index);
    const normal = this.#normal(rng);
    return { normal, ...simulateAnomaly(normal, this.#texture(rng), rng, this.#options) };
  }

  #normal(rng: Rng): Image {
    const { size, rotation } = this.#options;
    let image = rng.choice(this.#normals);
    if (image.width > size || image.height > size)
      image = crop(image, {
        x: rng.int(0, image.width - size + 1),
        y: rng.int(0, image.height - size + 1),
        width: size,
        height: size,
      });
    if (this.#options.dihedral) image = dihedral(image, rng.int(0, 8));
    if (rng.uniform() < rotation.probability) image = rotate(image, rng.uniform(-rotation.degrees, rotation.degrees));
    return image;
  }

  #texture(rng: Rng): Image {
    const { size } = this.#options;
    const texture =
      this.#textures.length > 0 ? resize(rng.choice(this.#textures), size, size, 'area') : proceduralTexture(size, rng);
    return this.#grey ? toRgb(toGrey(texture)) : texture;
  }
}
