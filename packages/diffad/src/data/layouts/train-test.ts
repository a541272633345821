import { type Dataset, GOOD } from '../dataset.ts';
import type { Layout } from '../layout.ts';
import { isMaskFolder, kindOf, partsOf } from '../names.ts';
import { type Keyed, pairMasks } from '../pair-masks.ts';

type Role = 'train' | 'test' | 'mask' | { readonly reason: string };

/** MVTec-AD and BTAD: `train/good`, `test/<kind>`, `ground_truth/<kind>/<name>_mask`, in capitals or not. BTAD says ok and ko, and leaves `_mask` out. */
export const trainTest: Layout = ({ files }) => {
  const tops = new Set(files.map((path) => topOf(path)));
  if (!tops.has('train') && !tops.has('test')) return null;
  const keyed = files.map((path) => ({ ...keyedOf(path), role: roleOf(path) }));
  const of = (role: Role): Keyed[] => keyed.filter((file) => file.role === role);
  const { samples: test, unused } = pairMasks(of('test'), of('mask'));
  const rest = keyed.flatMap(({ path, role }) => (typeof role === 'object' ? [{ path, reason: role.reason }] : []));
  return {
    layout: files.some((path) => path.toLowerCase().startsWith('train/ok/')) ? 'BTAD' : 'MVTec-AD',
    train: of('train').map(({ path, kind }) => ({ path, kind, mask: null })),
    test,
    unused: [...rest, ...unused],
    notes: [],
  } satisfies Dataset;
};

const topOf = (path: string): string => (partsOf(path)[0] as string).toLowerCase();

/** Pictures directly in `train` are normal. */
function keyedOf(path: string): Keyed {
  const [, folder, ...below] = partsOf(path);
  if (below.length === 0) return { path, kind: GOOD, name: folder ?? '' };
  return { path, kind: kindOf(folder as string), name: below.join('/') };
}

function roleOf(path: string): Role {
  const [, folder, ...below] = partsOf(path);
  const top = topOf(path);
  if (isMaskFolder(top)) return 'mask';
  if (top === 'train') {
    const normal = below.length === 0 || kindOf(folder as string) === GOOD;
    return normal ? 'train' : { reason: 'not in train/good: training takes normal pictures only' };
  }
  if (top !== 'test') return { reason: `${partsOf(path)[0]} is none of train, test, ground_truth` };
  return below.length > 0 ? 'test' : { reason: 'of no kind: put it into test/good or test/<defect>' };
}
