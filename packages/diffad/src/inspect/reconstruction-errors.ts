import { GOOD } from '../data/dataset.ts';
import { SquaredErrors } from '../metrics/psnr.ts';
import type { Judged } from './judge.ts';
import type { Tested } from './tested.ts';

/** PSNR of the reconstruction against the picture in dB: inside and outside the defects, and over the normal test pictures alone; NaN where there are no such pixels. */
export interface ReconstructionPsnr {
  readonly inside: number;
  readonly outside: number;
  readonly normal: number;
}

/** What the reconstructions of test pictures differ from them by, added up one after the other. */
export class ReconstructionErrors {
  readonly #inside = new SquaredErrors();
  readonly #outside = new SquaredErrors();
  readonly #normal = new SquaredErrors();

  add({ kind, mask, labelled }: Tested, { reconstruction, picture }: Judged): void {
    if (labelled) this.#inside.add(reconstruction, picture, (pixel) => mask.data[pixel] === 1);
    if (labelled) this.#outside.add(reconstruction, picture, (pixel) => mask.data[pixel] === 0);
    if (kind === GOOD) this.#normal.add(reconstruction, picture);
  }

  get psnr(): ReconstructionPsnr {
    return { inside: this.#inside.psnr, outside: this.#outside.psnr, normal: this.#normal.psnr };
  }
}
