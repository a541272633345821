import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readMask, readPicture } from '../../image/node/read-image.ts';
import type { Dataset } from '../dataset.ts';
import { findProblems } from '../find-problems.ts';
import { type DataReport, type Findings, type MaskFacts, type PictureFacts, summarise } from '../report.ts';
import { mapFiles } from './map-files.ts';
import { openDataset } from './open-dataset.ts';

/** Opens a data set, decodes every file of it and reports what it holds and what is wrong. Throws DatasetError where it holds no pictures. */
export async function checkData(root: string): Promise<DataReport> {
  const dataset = await openDataset(root);
  const findings = await inspectFiles(root, dataset);
  return summarise(root, dataset, findings, findProblems(root, dataset, findings));
}

async function inspectFiles(root: string, { train, test }: Dataset): Promise<Findings> {
  const samples = [...train, ...test];
  const paths = samples.map(({ path }) => path);
  const maskPaths = samples.flatMap(({ mask }) => mask ?? []);
  const explained = <T>(path: string, reading: Promise<T>): Promise<T | { error: string }> =>
    reading.catch((cause: Error) => ({ error: cause.message.replace(`${join(root, path)}: `, '') }));
  const pictures = await mapFiles(paths, (path) => explained(path, pictureFacts(join(root, path))));
  const masks = await mapFiles(maskPaths, (path) => explained(path, maskFacts(join(root, path))));
  return { pictures: new Map(zip(paths, pictures)), masks: new Map(zip(maskPaths, masks)) };
}

const zip = <A, B>(a: readonly A[], b: readonly B[]): [A, B][] => a.map((item, i) => [item, b[i] as B]);

async function pictureFacts(path: string): Promise<PictureFacts> {
  const { image, bitDepth } = await readPicture(path);
  const { width, height, channels, data } = image;
  const hash = createHash('sha256')
    .update(`${width}x${height}x${channels}`)
    .update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    .digest('hex');
  return { width, height, channels, bitDepth, hash };
}

async function maskFacts(path: string): Promise<MaskFacts> {
  const { width, height, data } = await readMask(path);
  return { width, height, defectivePixels: data.reduce((sum, value) => sum + value, 0) };
}
