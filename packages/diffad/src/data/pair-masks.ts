import type { Dataset, Sample } from './dataset.ts';
import { stemOf } from './names.ts';

/** A picture or mask and the key by which they find each other: kind and name, never the order of files. */
export interface Keyed {
  readonly path: string;
  readonly kind: string;
  /** Path below the kind's folder. */
  readonly name: string;
}

const keyOf = ({ kind, name }: Keyed): string => `${kind}/${stemOf(name)}`;

/** Gives every picture the mask `<name>_mask` or `<name>` of its kind; masks left over are unused. */
export function pairMasks(
  pictures: readonly Keyed[],
  masks: readonly Keyed[],
): { samples: Sample[]; unused: Dataset['unused'] } {
  const byKey = new Map(masks.map((mask) => [keyOf(mask), mask.path]));
  const samples = pictures.map(({ path, kind, name }) => {
    const key = keyOf({ path, kind, name });
    return { path, kind, mask: byKey.get(`${key}_mask`) ?? byKey.get(key) ?? null };
  });
  const taken = new Set(samples.map(({ mask }) => mask));
  const unused = masks
    .filter(({ path }) => !taken.has(path))
    .map(({ path }) => ({ path, reason: 'a mask without its picture' }));
  return { samples, unused };
}
