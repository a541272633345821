import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { program } from '../../src/cli/program.ts';
import { refuseEmpty } from '../../src/cli/refuse-empty.ts';

/** `diffad` whose commands do nothing. */
function idle(): Command {
  const diffad = program();
  const still = (command: Command): void => {
    command.action(() => undefined);
    command.commands.forEach(still);
  };
  diffad.commands.forEach(still);
  refuseEmpty(diffad);
  return diffad;
}

test.each([
  [['surfaces', ''], 'surfaces: dir is empty; is a shell variable unset?'],
  [['train', ''], 'train: dir is empty'],
  [['train', 'parts', '--out', ''], 'train: --out is empty'],
  [['train', '--resume='], 'train: --resume is empty'],
  [['inspect', 'a.png', '', '--model', 'run'], 'inspect: path is empty'],
  [['inspect', 'a.png', '--model', ''], 'inspect: --model is empty'],
  [['data', 'check', ''], 'check: dir is empty'],
  [['report', 'run', '--data', ''], 'report: --data is empty'],
  [['demo', '--out', ''], 'demo: --out is empty'],
])('%j is refused', async (args, message) => {
  await expect(idle().parseAsync(args, { from: 'user' })).rejects.toThrow(message);
});

test('what is given and what is left out passes', async () => {
  await idle().parseAsync(['train', 'parts', '--out', 'run'], { from: 'user' });
  await idle().parseAsync(['inspect', 'a.png', 'b.png', '--model', 'run'], { from: 'user' });
});
