import type { Summary } from '../statistics.ts';
import { digits, table } from '../table.ts';
import type { Compared, Failed, Measured } from './measure.ts';
import type { Peer } from './peer.ts';

const HEADERS = [
  'work',
  'library',
  'ms',
  'quartiles',
  'times ours',
  'quartiles',
  'processor ms',
  'times ours',
  'quartiles',
  'GFLOP/s',
  '% FMA',
  'difference',
  'MiB',
  'commit',
];

/** The comparison as Markdown: who took part, then a row per work and library. */
export const peerSections = (
  peers: readonly Omit<Peer, 'gpu' | 'prepare'>[],
  compared: readonly Compared[],
): string[] => [
  table(
    ['library', 'version', 'remarks'],
    peers.map(({ name, version, notes }) => [name, version, notes.join('; ')]),
  ),
  'Medians of rounds in which every library ran once, in turn, on one adapter; times run from the call to the results on the host. ' +
    "Processor time is that of all threads of the process, a software adapter's among them; what else the machine does does not count. " +
    'The difference is the largest from our results, as a share of the largest magnitude. MiB are buffers of the library, its pools included.',
  table(
    HEADERS,
    compared.flatMap((one) => [
      ...one.measured.map((row) => rowOf(one, row)),
      ...one.failed.map((row) => failure(one, row)),
    ]),
  ),
];

function rowOf({ work, stamp, flops, ceilings }: Compared, row: Measured): string[] {
  const { peer, wall, processor, wallRatio, processorRatio, difference, peakBytes } = row;
  const gflops = flops === null ? null : flops / wall.median / 1e6;
  return [
    work,
    peer,
    digits(wall.median),
    quartiles(wall),
    digits(wallRatio.median),
    quartiles(wallRatio),
    digits(processor.median),
    digits(processorRatio.median),
    quartiles(processorRatio),
    gflops === null ? '' : digits(gflops),
    gflops === null ? '' : ((100 * gflops) / ceilings.fma.median).toFixed(0),
    difference.toExponential(1),
    (peakBytes / 2 ** 20).toFixed(0),
    stamp.commit,
  ];
}

const quartiles = ({ lower, upper }: Summary): string => `${digits(lower)} - ${digits(upper)}`;

const failure = ({ work }: Compared, { peer, failure: reason }: Failed): string[] => [work, peer, `fails: ${reason}`];
