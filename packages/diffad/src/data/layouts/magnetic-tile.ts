import { GOOD } from '../dataset.ts';
import { holdOutNormals } from '../hold-out.ts';
import type { Layout } from '../layout.ts';
import { kindOf, partsOf } from '../names.ts';
import { type Keyed, pairMasks } from '../pair-masks.ts';

const KIND = /^MT_([^/]+)\/Imgs\/([^/]+)$/;

/** Magnetic tile: `MT_<Kind>/Imgs/<name>.jpg` and its mask `<name>.png` beside it; `MT_Free` is normal. */
export const magneticTile: Layout = ({ files }) => {
  const keyed = files.flatMap((path): Keyed[] => {
    const [, kind, name] = KIND.exec(path) ?? [];
    return kind && name ? [{ path, kind: kindOf(kind.toLowerCase()), name }] : [];
  });
  if (keyed.length === 0) return null;
  const isMask = ({ path }: Keyed): boolean => path.toLowerCase().endsWith('.png');
  const { samples, unused } = pairMasks(
    keyed.filter((file) => !isMask(file)),
    keyed.filter(isMask),
  );
  const normals = samples.filter(({ kind }) => kind === GOOD).map((sample) => ({ ...sample, mask: null }));
  const { train, test, note } = holdOutNormals(normals);
  const known = new Set(keyed.map(({ path }) => path));
  const others = files.filter((path) => !known.has(path));
  return {
    layout: 'magnetic tile',
    train,
    test: [...test, ...samples.filter(({ kind }) => kind !== GOOD)],
    unused: [...unused, ...others.map((path) => ({ path, reason: `${partsOf(path)[0]} is no folder MT_<kind>/Imgs` }))],
    notes: [`${note}; exposures of one tile may fall on both sides`],
  };
};
