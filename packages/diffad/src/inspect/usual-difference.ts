import type { DiffAD } from '../diffad.ts';
import type { Image } from '../image/image.ts';
import { valuesWithin } from '../image/region.ts';
import { quantile } from '../metrics/quantile.ts';
import { judge } from './judge.ts';

/** Pictures in memory, or read from disk as they are gone through. */
export type Normals = Iterable<Image> | AsyncIterable<Image>;

const RARE = 0.01;
/** Below what 8 bits can tell nothing differs. */
const LEAST = 1 / 255;

/** What `DiffAD.usualDifference` holds, measured on normal pictures [H, W, 1 or 3] in [0, 1]: the mean over them. Throws RangeError without a picture. */
export async function usualDifference(model: DiffAD, normals: Normals): Promise<number> {
  let [sum, count] = [0, 0];
  for await (const normal of normals) {
    const { picture, reconstruction } = await judge(model, normal, { redrawings: 1 });
    sum += quantile(valuesWithin(differences(picture, reconstruction), model.region).toSorted(), 1 - RARE);
    count++;
  }
  if (count === 0) throw new RangeError('usualDifference: needs one normal picture at least, got none');
  return Math.max(sum / count, LEAST);
}

/** Per pixel the largest difference of a channel, [H, W, 1]. */
function differences({ width, height, data, channels }: Image, other: Image): Image {
  const largest = new Float32Array(width * height);
  for (const [i, value] of data.entries()) {
    const pixel = Math.floor(i / channels);
    largest[pixel] = Math.max(largest[pixel] as number, Math.abs(value - (other.data[i] as number)));
  }
  return { width, height, channels: 1, data: largest };
}
