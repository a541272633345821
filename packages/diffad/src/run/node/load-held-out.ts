import { GOOD } from '../../data/dataset.ts';
import { loadSamples } from '../../data/node/load-samples.ts';
import type { Image } from '../../image/image.ts';
import type { Split } from '../split.ts';

/** The normal pictures of a data set that a run held out, as they are on disk. */
export const loadHeldOut = (data: string, { heldOut }: Split): Promise<Image[]> =>
  loadSamples(
    data,
    heldOut.map((path) => ({ path, kind: GOOD, mask: null })),
    ({ image }) => image,
  );
