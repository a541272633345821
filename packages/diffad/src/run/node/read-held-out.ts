import { GOOD } from '../../data/dataset.ts';
import { readSamples } from '../../data/node/load-samples.ts';
import type { Image } from '../../image/image.ts';
import type { Split } from '../split.ts';

/** The normal pictures of a data set that a run held out, as they are on disk; read anew whenever they are gone through, eight at a time. */
export const readHeldOut = (data: string, { heldOut }: Split): AsyncIterable<Image> =>
  readSamples(
    data,
    heldOut.map((path) => ({ path, kind: GOOD, mask: null })),
    ({ image }) => image,
  );
