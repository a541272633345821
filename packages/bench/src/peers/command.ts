import { presets } from '@diffad/diffad';
import { Command, Option } from 'commander';
import { environment } from '../environment.ts';
import { count } from '../kernels/command.ts';
import { RESULTS, writeResults } from '../results.ts';
import { type Compared, compare, mismatches } from './measure.ts';
import { openField } from './open.ts';
import { peerSections } from './report.ts';
import { kernelWorks } from './works/kernels.ts';
import { modelWorks } from './works/models.ts';

interface Options {
  readonly preset: string;
  readonly rounds: number;
  readonly only: string;
  readonly out: string;
}

export const peersCommand = new Command('peers')
  .description('the same work on tfjs and jax-js, on the same adapter, in turn; differing results are an error')
  .addOption(new Option('--preset <name>', 'whose networks').choices(Object.keys(presets)).default('tiny'))
  .option('--rounds <n>', 'samples of each', count, 7)
  .option('--only <text>', 'works whose name contains this', '')
  .option('--out <folder>', 'where results go', RESULTS)
  .action(run);

async function run({ preset, rounds, only, out }: Options): Promise<void> {
  const field = await openField();
  const compared: Compared[] = [];
  const works = [...(await modelWorks(preset)), ...kernelWorks()].filter(({ name }) => name.includes(only));
  for (const work of works) compared.push(await compare(field, work, rounds, (line) => console.error(line)));
  const peers = field.entries.map(({ peer: { name, version, notes } }) => ({ name, version, notes }));
  const sections = peerSections(peers, compared);
  console.log(writeResults(out, 'peers', environment(field.device), { peers, compared }, sections));
  const wrong = compared.flatMap(mismatches);
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  field.device.destroy();
}
