import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type DiffADConfig, presets } from '@diffad/diffad';
import { mustBeWritable } from '@diffad/diffad/node';
import { Command, Option } from 'commander';
import { environment } from '../environment.ts';
import { count } from '../kernels/command.ts';
import { mustName } from '../only.ts';
import { RESULTS, writeResults } from '../results.ts';
import { digits } from '../table.ts';
import { type Compared, compare, type Field, merge, mismatches } from './measure.ts';
import { openField } from './open.ts';
import { peerSections } from './report.ts';
import type { Work } from './work.ts';
import { kernelWorks } from './works/kernels.ts';
import { modelWorkNames, modelWorks } from './works/models.ts';

const sets = ['kernels', 'networks'] as const;

/** Inspection is compared at the paper's five steps from noise, whatever the preset takes. */
const FIVE_FROM_NOISE = { steps: 5, start: 'noise' } as const;

interface Options {
  readonly preset: string;
  readonly works: readonly (typeof sets)[number][];
  readonly rounds: number;
  readonly only: string;
  readonly out: string;
}

export const peersCommand = new Command('peers')
  .description('the same work on tfjs and jax-js, on the same adapter, in turn; differing results are an error')
  .addOption(new Option('--preset <name>', 'whose networks').choices(Object.keys(presets)).default('tiny'))
  .addOption(new Option('--works <set...>', 'what is done').choices([...sets]).default([...sets]))
  .option('--rounds <n>', 'samples of each', count, 7)
  .option('--only <text>', 'works whose name contains this', '')
  .option('--out <folder>', 'where results go', RESULTS)
  .action(run);

async function run({ preset, works, rounds, only, out }: Options): Promise<void> {
  const sizes = presets[preset];
  if (!sizes) throw new Error(`unknown preset ${preset}.`);
  const config = { ...sizes, sampling: { ...sizes.sampling, ...FIVE_FROM_NOISE } };
  const playable: readonly WorkSet[] = works.map((set) => setOf(set, config));
  mustName(
    only,
    'work',
    playable.flatMap(({ names }) => names),
  );
  await mustBeWritable(out);
  const field = await openField();
  const wrong: string[] = [];
  for (const { result, names, make } of playable) {
    if (!names.some((name) => name.includes(only))) continue;
    const chosen = (await make()).filter(({ name }) => name.includes(only));
    wrong.push(...(await playSet(field, result, chosen, rounds, out)).flatMap(mismatches));
  }
  field.device.destroy();
  if (wrong.length > 0) throw new Error(wrong.join('; '));
}

/** Works whose results lie in one file; `make` needs a device. */
interface WorkSet {
  readonly result: string;
  readonly names: readonly string[];
  readonly make: () => Promise<readonly Work[]>;
}

function setOf(set: (typeof sets)[number], config: DiffADConfig): WorkSet {
  if (set === 'networks')
    return {
      result: `peers-networks-${config.preset}`,
      names: modelWorkNames(config),
      make: () => modelWorks(config),
    };
  const works = kernelWorks();
  return { result: 'peers-kernels', names: works.map(({ name }) => name), make: async () => works };
}

/** Compares the libraries at every work and writes the results; those of other works that lie there stay. */
async function playSet(field: Field, name: string, works: readonly Work[], rounds: number, out: string) {
  const peers = field.entries.map(({ peer: { name, version, notes } }) => ({ name, version, notes }));
  const compared: Compared[] = [];
  for (const work of works) {
    const found = await compare(field, work, rounds, (line) => console.error(line));
    for (const { peer, wall, processor } of found.measured)
      console.error(`  ${peer}: ${digits(wall.median)} ms, ${digits(processor.median)} ms of processor time`);
    compared.push(found);
    const all = merge(earlier(join(out, `${name}.json`)), found);
    await writeResults(out, name, environment(field.device), { peers, compared: all }, peerSections(peers, all));
  }
  return compared;
}

/** The results written before, none where there are none. */
function earlier(file: string): readonly Compared[] {
  if (!existsSync(file)) return [];
  const { compared }: { compared?: readonly Compared[] } = JSON.parse(readFileSync(file, 'utf8'));
  return compared ?? [];
}
