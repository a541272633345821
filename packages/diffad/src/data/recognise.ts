import { type Dataset, DatasetError } from './dataset.ts';
import type { Layout, Listing } from './layout.ts';
import { byKind } from './layouts/by-kind.ts';
import { magneticTile } from './layouts/magnetic-tile.ts';
import { plain } from './layouts/plain.ts';
import { trainTest } from './layouts/train-test.ts';
import { visa } from './layouts/visa.ts';

/** From the most to the least particular; the last takes everything. */
const layouts: readonly Layout[] = [visa, trainTest, magneticTile, byKind, plain];

/** Finds which convention a folder follows and which picture plays which role. Throws DatasetError for an empty folder or one of many data sets. */
export function recognise(listing: Listing): Dataset {
  const { root, files } = listing;
  if (files.length === 0) throw new DatasetError(`${root}: no pictures in it (PNG, JPEG, BMP, TIFF or WebP)`);
  const inner = innerDatasets(files);
  if (inner.length > 0 && listing.split === null)
    throw new DatasetError(`${root}: holds ${inner.length} data sets; choose one: ${inner.join(', ')}`);
  for (const layout of layouts) {
    const dataset = layout(listing);
    if (dataset) return dataset;
  }
  throw new Error('internal: the plain layout takes every listing');
}

const INNER = /^([^/]+)\/(?:train|Train|TRAIN|Data\/Images)\//;

/** Folders that are a data set each, as in a download of all of MVTec-AD. */
const innerDatasets = (files: readonly string[]): string[] => [
  ...new Set(files.flatMap((path) => INNER.exec(path)?.[1] ?? [])),
];
