import type { Image } from '../image/image.ts';

/** Squared errors of pictures in [0, 1], added up one picture after the other, so that none need be kept. */
export class SquaredErrors {
  #sum = 0;
  #count = 0;

  /** Adds a picture against its reference, of the same size; only the pixels that `selected` picks. */
  add({ data, channels }: Image, reference: Image, selected: (pixel: number) => boolean = () => true): void {
    for (let k = 0; k < data.length; k++) {
      if (!selected(Math.floor(k / channels))) continue;
      this.#sum += ((data[k] as number) - (reference.data[k] as number)) ** 2;
      this.#count++;
    }
  }

  /** Peak signal-to-noise ratio in dB over all that was added; ∞ where nothing differs, NaN where nothing was added. */
  get psnr(): number {
    return this.#count === 0 ? Number.NaN : -10 * Math.log10(this.#sum / this.#count);
  }
}

/** Which pixels of a picture count; all without. */
type Selection = (picture: number, pixel: number) => boolean;

/** Peak signal-to-noise ratio of pictures in [0, 1] against `reference`, in dB, over the selected pixels of all; ∞ where they are equal, NaN where none is selected. */
export function psnr(
  pictures: readonly Image[],
  reference: readonly Image[],
  selected: Selection = () => true,
): number {
  const errors = new SquaredErrors();
  for (const [i, picture] of pictures.entries())
    errors.add(picture, reference[i] as Image, (pixel) => selected(i, pixel));
  return errors.psnr;
}
