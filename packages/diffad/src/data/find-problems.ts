import { type Dataset, DatasetError, GOOD, type Sample } from './dataset.ts';
import type { Facts, Findings, PictureFacts, Problem } from './report.ts';
import { trainingSamples } from './roles.ts';

/** Below this side a picture cannot show a defect and a network cannot halve it. */
const SMALLEST = 16;

/** Everything wrong with a data set, errors first. Each problem is one line about one file. */
export function findProblems(root: string, dataset: Dataset, findings: Findings): Problem[] {
  const problems = [
    ...rolesProblems(root, dataset),
    ...pictureProblems(findings),
    ...dataset.test.flatMap((sample) => maskProblems(sample, findings)),
    ...duplicates(dataset, findings.pictures),
    ...dataset.unused.map(({ path, reason }) => warning(path, reason)),
  ];
  return [...problems.filter(isError), ...problems.filter((problem) => !isError(problem))];
}

const isError = ({ severity }: Problem): boolean => severity === 'error';
const error = (path: string, message: string): Problem => ({ severity: 'error', path, message });
const warning = (path: string, message: string): Problem => ({ severity: 'warning', path, message });

function rolesProblems(root: string, dataset: Dataset): Problem[] {
  try {
    trainingSamples(dataset, root);
    return [];
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    return [error('.', cause.message.slice(root.length + 2))];
  }
}

function pictureProblems({ pictures }: Findings): Problem[] {
  return [...pictures].flatMap(([path, fact]) => {
    if ('error' in fact) return [error(path, fact.error)];
    const { width, height } = fact;
    if (Math.min(width, height) >= SMALLEST) return [];
    return [error(path, `${width}x${height} px is too small; both sides must have ${SMALLEST} at least`)];
  });
}

function maskProblems({ path, kind, mask }: Sample, { pictures, masks }: Findings): Problem[] {
  if (mask === null)
    return kind === GOOD ? [] : [warning(path, 'no mask: it counts for image metrics, not for pixel metrics')];
  const [picture, fact] = [pictures.get(path), masks.get(mask)];
  if (!fact || !picture || 'error' in picture) return [];
  if ('error' in fact) return [error(mask, fact.error)];
  if (fact.width !== picture.width || fact.height !== picture.height)
    return [error(mask, `${fact.width}x${fact.height} px, but ${path} is ${picture.width}x${picture.height}`)];
  if (fact.defectivePixels === 0 && kind !== GOOD) return [warning(mask, `marks nothing in ${path}`)];
  return fact.defectivePixels > 0 && kind === GOOD ? [warning(mask, `marks a defect in ${path}, which is normal`)] : [];
}

/** The same pixels twice: across train and test a test would measure memory. */
function duplicates({ train, test }: Dataset, pictures: ReadonlyMap<string, Facts>): Problem[] {
  const first = new Map<string, { path: string; role: string }>();
  const all = [...train.map((s) => ({ ...s, role: 'train' })), ...test.map((s) => ({ ...s, role: 'test' }))];
  return all.flatMap(({ path, role }) => {
    const hash = (pictures.get(path) as PictureFacts | undefined)?.hash;
    if (hash === undefined) return [];
    const known = first.get(hash);
    if (!known) {
      first.set(hash, { path, role });
      return [];
    }
    if (known.role === role) return [warning(path, `the same picture as ${known.path}`)];
    return [error(path, `the same picture as ${known.path}: it is learnt from and tested on`)];
  });
}
