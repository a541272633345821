import { Command } from 'commander';
import { writeSurfaces } from '../../surfaces/node/write-surfaces.ts';
import { count, integer } from '../numbers.ts';
import { answer } from '../output.ts';

interface Options {
  readonly seed: number;
  readonly size: number;
  readonly train: number;
  readonly json?: true;
}

export function surfacesCommand(): Command {
  return new Command('surfaces')
    .description('write a data set of generated cloth, steel and granite with scratches, spots and missing pieces')
    .argument('<dir>', 'the folder to make')
    .option('--seed <n>', 'same seed, same pictures', integer, 1)
    .option('--size <px>', 'side of a picture', count, 128)
    .option('--train <n>', 'normal pictures of each surface to learn from', count, 40)
    .option('--json', 'one JSON document on standard output')
    .action(async (dir: string, { json, ...options }: Options) => {
      const pictures = await writeSurfaces(dir, options);
      answer(json === true, { dir, pictures }, () => [`${dir}: ${pictures} pictures`]);
    });
}
