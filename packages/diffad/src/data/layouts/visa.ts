import { DatasetError, GOOD, type Sample } from '../dataset.ts';
import { holdOutNormals } from '../hold-out.ts';
import type { Layout, Listing, SplitRow } from '../layout.ts';
import { kindOf, partsOf } from '../names.ts';
import { pairMasks } from '../pair-masks.ts';

/** VisA: `Data/Images/{Normal,Anomaly}`, `Data/Masks/Anomaly`, roles in `split_csv/1cls.csv`. Without that file normals are held out here. */
export const visa: Layout = (listing) => {
  if (listing.split) return fromSplit(listing, listing.split);
  if (!listing.files.some((path) => path.startsWith('Data/Images/'))) return null;
  const keyed = listing.files.map((path) => {
    const [, role, folder = '', ...below] = partsOf(path);
    return { path, role, kind: kindOf(folder), name: below.join('/') };
  });
  const { samples, unused } = pairMasks(
    keyed.filter(({ role }) => role === 'Images'),
    keyed.filter(({ role }) => role === 'Masks'),
  );
  const { train, test, note } = holdOutNormals(samples.filter(({ kind }) => kind === GOOD));
  const defective = samples.filter(({ kind }) => kind !== GOOD);
  return { layout: 'VisA', train, test: [...test, ...defective], unused, notes: [note] };
};

function fromSplit({ root, files }: Listing, rows: readonly SplitRow[]): ReturnType<Layout> {
  const objects = [...new Set(rows.map(({ object }) => object))];
  if (objects.length > 1)
    throw new DatasetError(`${root}: holds ${objects.length} data sets; choose one: ${objects.join(', ')}`);
  const present = new Set(files);
  const samples = rows.map((row) => ({ ...sampleOf(row), role: row.split }));
  const listed = new Set(samples.flatMap(({ path, mask }) => (mask === null ? [path] : [path, mask])));
  const missing = samples.filter(({ path }) => !present.has(path)).map(({ path }) => path);
  if (missing.length > 0)
    throw new DatasetError(`${root}: ${missing.length} pictures of the split do not exist, first ${missing[0]}`);
  const of = (role: string): Sample[] =>
    samples.filter((s) => s.role === role).map(({ path, kind, mask }) => ({ path, kind, mask }));
  return {
    layout: 'VisA',
    train: of('train').filter(({ kind }) => kind === GOOD),
    test: of('test'),
    unused: files.filter((path) => !listed.has(path)).map((path) => ({ path, reason: 'not in the split' })),
    notes: [],
  };
}

const sampleOf = ({ label, image, mask }: SplitRow): Sample => ({
  path: image,
  kind: kindOf(label),
  mask: mask === '' ? null : mask,
});
