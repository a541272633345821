import { digits, table } from '../table.ts';
import type { Measured, Measurement } from './measure.ts';

/** The measurements as Markdown: ceilings, then a row per op, direction and kernel family. */
export const kernelSections = ({ ceilings, measurements }: Measured): string[] => [
  `Ceilings, median [quartiles] of ${ceilings.fma.count}: ${spread(ceilings.fma)} GFLOP/s multiplying and adding in registers, ` +
    `${spread(ceilings.copy)} GB/s copied. GB/s of an op count every input and output once.`,
  table(
    ['op', 'where', 'inputs', 'direction', 'variant', 'ms', 'quartiles', 'GFLOP/s', '% FMA', 'GB/s', '% copy'],
    measurements.map(row),
  ),
];

const spread = ({ lower, median, upper }: { lower: number; median: number; upper: number }): string =>
  `${digits(median)} [${digits(lower)}, ${digits(upper)}]`;

function row(measurement: Measurement): string[] {
  const { op, where, inputs, direction, variant, milliseconds, gflops, gigabytes } = measurement;
  return [
    op,
    where,
    inputs.map((shape) => shape.join('x')).join(' '),
    direction,
    variant,
    digits(milliseconds.median),
    `${digits(milliseconds.lower)} - ${digits(milliseconds.upper)}`,
    digits(gflops),
    (100 * measurement.ofMultiplications).toFixed(0),
    digits(gigabytes),
    (100 * measurement.ofCopying).toFixed(0),
  ];
}
