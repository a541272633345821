import type { Command } from 'commander';
import { UsageError } from './output.ts';

/** Refuses empty arguments and options of every command, before it does anything: an unset shell variable would name the current folder. */
export function refuseEmpty(program: Command): void {
  program.hook('preAction', (_, command) => {
    const empty = emptyOf(command);
    if (empty !== undefined) throw new UsageError(`${command.name()}: ${empty} is empty; is a shell variable unset?`);
  });
}

/** What was given as an empty text, under its name; undefined where nothing was. */
function emptyOf(command: Command): string | undefined {
  const at = command.args.indexOf('');
  if (at >= 0) return (command.registeredArguments[at] ?? command.registeredArguments.at(-1))?.name();
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  return given.find((option) => [command.getOptionValue(option.attributeName())].flat().includes(''))?.long;
}
