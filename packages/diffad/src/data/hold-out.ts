import type { Sample } from './dataset.ts';

const EVERY = 5;

/** For layouts without a split: every fifth normal picture, by name, is for testing. */
export function holdOutNormals(normals: readonly Sample[]): { train: Sample[]; test: Sample[]; note: string } {
  const test = normals.filter((_, i) => i % EVERY === EVERY - 1);
  const train = normals.filter((_, i) => i % EVERY !== EVERY - 1);
  return { train, test, note: `no split given: every fifth normal picture (${test.length}) is for testing` };
}
