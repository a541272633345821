import type { Dataset } from './dataset.ts';
import type { DataReport } from './report.ts';
import { describeTally, tally } from './tally.ts';

const list = (items: readonly string[]): string => items.join(', ') || 'none';
const SHOWN = 20;

/** A report as lines of text: roles, counts, sizes, notes, then one line for each of the first problems. */
export function describeReport(report: DataReport): string[] {
  const { root, layout, counts, kinds, sizes, encodings, notes, problems } = report;
  const more = problems.length - SHOWN;
  return [
    `${root}: ${layout}`,
    `train  ${counts.train} normal pictures`,
    `test   ${counts.test} pictures: ${describeTally(kinds)}`,
    `masks  ${counts.masks}`,
    `unused ${counts.unused}`,
    `sizes  ${list(sizes.map(({ width, height, pictures }) => `${width}x${height} (${pictures})`))}`,
    `depth  ${list(encodings.map(({ bitDepth, channels, pictures }) => `${bitDepth} bit ${channels === 1 ? 'grey' : 'colour'} (${pictures})`))}`,
    ...notes.map((note) => `note   ${note}`),
    ...problems.slice(0, SHOWN).map(({ severity, path, message }) => `${severity}: ${path}: ${message}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

/** What a run takes a data set for, as lines of text: roles and counts, then its notes. `heldOut` of the normal pictures are not learnt from. */
export function describeRoles(
  root: string,
  { layout, train, test, unused, notes }: Dataset,
  heldOut: number,
): string[] {
  const kinds = describeTally(tally(test.map(({ kind }) => kind)));
  const rest = unused.length > 0 ? `; unused ${unused.length}, see diffad data check` : '';
  return [
    `data: ${root}: ${layout}; normal: ${train.length - heldOut} to learn from, ${heldOut} held out; test: ${kinds}${rest}`,
    ...notes.map((note) => `note: ${note}`),
  ];
}
