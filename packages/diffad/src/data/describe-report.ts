import type { DataReport } from './report.ts';

const list = (items: readonly string[]): string => items.join(', ') || 'none';
const SHOWN = 20;

/** A report as lines of text: roles, counts, sizes, notes, then one line for each of the first problems. */
export function describeReport(report: DataReport): string[] {
  const { root, layout, counts, kinds, sizes, encodings, notes, problems } = report;
  const more = problems.length - SHOWN;
  return [
    `${root}: ${layout}`,
    `train  ${counts.train} normal pictures`,
    `test   ${counts.test} pictures: ${list(Object.entries(kinds).map(([kind, count]) => `${kind} ${count}`))}`,
    `masks  ${counts.masks}`,
    `unused ${counts.unused}`,
    `sizes  ${list(sizes.map(({ width, height, pictures }) => `${width}x${height} (${pictures})`))}`,
    `depth  ${list(encodings.map(({ bitDepth, channels, pictures }) => `${bitDepth} bit ${channels === 1 ? 'grey' : 'colour'} (${pictures})`))}`,
    ...notes.map((note) => `note   ${note}`),
    ...problems.slice(0, SHOWN).map(({ severity, path, message }) => `${severity}: ${path}: ${message}`),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}
