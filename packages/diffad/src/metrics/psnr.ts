import type { Image, Mask } from '../image/image.ts';

/** Which pixels of a picture count; all without. */
type Selection = (picture: number, pixel: number) => boolean;

/** Peak signal-to-noise ratio of pictures in [0, 1] against `reference`, in dB, over the selected pixels of all; ∞ where they are equal. */
export function psnr(
  pictures: readonly Image[],
  reference: readonly Image[],
  selected: Selection = () => true,
): number {
  let [sum, count] = [0, 0];
  for (const [i, { data, channels }] of pictures.entries()) {
    const other = (reference[i] as Image).data;
    for (let k = 0; k < data.length; k++) {
      if (!selected(i, Math.floor(k / channels))) continue;
      sum += ((data[k] as number) - (other[k] as number)) ** 2;
      count++;
    }
  }
  return count === 0 ? Number.NaN : -10 * Math.log10(sum / count);
}

/** PSNR of reconstructions inside and outside the defects; low inside means that defects are not copied. Spec 3.1. */
export const psnrByMask = (
  pictures: readonly Image[],
  reference: readonly Image[],
  masks: readonly Mask[],
): { readonly inside: number; readonly outside: number } => ({
  inside: psnr(pictures, reference, (i, pixel) => masks[i]?.data[pixel] === 1),
  outside: psnr(pictures, reference, (i, pixel) => masks[i]?.data[pixel] === 0),
});
