import type { Image } from '../image/image.ts';

/** Peak signal-to-noise ratio of pictures in [0, 1] against `reference`, in dB, over all pixels of all pictures; ∞ where they are equal. */
export function psnr(pictures: readonly Image[], reference: readonly Image[]): number {
  let [sum, count] = [0, 0];
  for (const [i, { data }] of pictures.entries()) {
    const other = (reference[i] as Image).data;
    for (let k = 0; k < data.length; k++) sum += ((data[k] as number) - (other[k] as number)) ** 2;
    count += data.length;
  }
  return -10 * Math.log10(sum / count);
}
