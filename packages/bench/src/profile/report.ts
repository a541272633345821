import type { Summary } from '../statistics.ts';
import { digits, table } from '../table.ts';
import type { Change } from './compare.ts';
import type { Group } from './kernels.ts';
import type { Profile } from './profile.ts';

const ROWS = 25;

/** A profile as Markdown. */
export const profileSections = (profile: Profile, compared?: readonly Change[]): string[] => [
  totals(profile),
  ...(profile.clock === 'gpu'
    ? ['## Dearest kernels', kernels(profile), '## Layers', layers(profile)]
    : [
        'Host time, of whole steps: with `--clock host`, or on an adapter without timestamp queries, kernels are not timed apart.',
      ]),
  '## Memory at the peak, by the layer that made it',
  memory(profile),
  ...(compared ? ['## Against the older profile', changeTable(compared)] : []),
];

function totals({ totals: { wall, processor, recording, gpu }, roofs, dispatches, pipelines, batch }: Profile): string {
  const rows: string[][] = [
    ['pictures', `${batch}`],
    ['wall', milliseconds(wall)],
    ['processor, all threads', milliseconds(processor)],
    ['recorded by the host', milliseconds(recording)],
  ];
  if (gpu && roofs)
    rows.push(
      ['all kernels', milliseconds(gpu.kernels)],
      ['from the first kernel to the last', milliseconds(gpu.span)],
      ['of that in kernels, the rest gaps', percent(gpu.covered)],
      ['wall time added by measuring', percent(gpu.wallCost)],
      ['processor time added by measuring', percent(gpu.processorCost)],
      ['dispatches', `${dispatches}`],
      ['roof: multiply-adds', `${digits(roofs.fma)} GFLOP/s`],
      ['roof: copying', `${digits(roofs.copy)} GB/s`],
      ['roof: a dispatch that does nothing', `${digits(roofs.launch / 1000)} us`],
    );
  rows.push(['pipelines', `${pipelines}`]);
  return table(['one step', 'median [quartiles]'], rows);
}

const spread = ({ lower, median, upper }: Summary, factor: number): string =>
  `${digits(factor * median)} [${digits(factor * lower)}, ${digits(factor * upper)}]`;
const milliseconds = (summary: Summary): string => `${spread(summary, 1)} ms`;
const percent = (summary: Summary): string => `${spread(summary, 100)} %`;

const kernels = ({ kernels: groups }: Profile): string =>
  table(
    ['kernel', 'shapes', 'layers', 'calls', 'ms', '%', 'GFLOP/s', 'GB/s', 'bound by', '% of roof'],
    groups.slice(0, ROWS).map(kernelRow),
  );

function kernelRow(group: Group): string[] {
  const { kernel, shapes, paths, calls, nanoseconds, flops, bytes, ofTotal, side, share } = group;
  const [first = ''] = paths;
  return [
    kernel,
    shapes,
    paths.length > 1 ? `${first} and ${paths.length - 1} more` : first,
    `${calls}`,
    digits(nanoseconds / 1e6),
    (100 * ofTotal).toFixed(1),
    digits(flops / nanoseconds),
    digits(bytes / nanoseconds),
    side,
    (100 * share).toFixed(0),
  ];
}

const layers = ({ layers: rows }: Profile): string =>
  table(
    ['layer', 'dispatches', 'ms', 'GFLOP/s', 'GB/s'],
    rows
      .slice(0, ROWS)
      .map(({ path, calls, nanoseconds, flops, bytes }) => [
        path,
        `${calls}`,
        digits(nanoseconds / 1e6),
        digits(flops / nanoseconds),
        digits(bytes / nanoseconds),
      ]),
  );

const memory = ({ memory: { peakBytes, before, byPath } }: Profile): string =>
  table(
    ['layer', 'MiB'],
    [
      ['all', mebibytes(peakBytes)],
      ['parameters, moments and inputs, there before the step', mebibytes(before)],
      ...byPath.slice(0, ROWS).map(({ path, bytes }) => [path, mebibytes(bytes)]),
    ],
  );

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(2);

const changeTable = (compared: readonly Change[]): string => {
  const cell = (nanoseconds: number | null): string => (nanoseconds === null ? '' : digits(nanoseconds / 1e6));
  return table(
    ['kernel', 'shapes', 'ms before', 'ms now', 'difference'],
    compared
      .slice(0, ROWS)
      .map(({ kernel, shapes, before, after, difference }) => [
        kernel,
        shapes,
        cell(before),
        cell(after),
        `${difference < 0 ? '-' : '+'}${digits(Math.abs(difference) / 1e6)}`,
      ]),
  );
};
