import { Command } from 'commander';
import { version } from '../run/node/source.ts';
import { calibrateCommand } from './commands/calibrate.ts';
import { dataCommand } from './commands/data.ts';
import { demoCommand } from './commands/demo.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { importCommand } from './commands/import.ts';
import { inspectCommand } from './commands/inspect.ts';
import { pageCommand } from './commands/page.ts';
import { reportCommand } from './commands/report.ts';
import { surfacesCommand } from './commands/surfaces.ts';
import { trainCommand } from './commands/train.ts';

/** `diffad`: all commands. Mistakes are thrown, not exited on. */
export function program(): Command {
  const diffad = new Command('diffad')
    .description('find surface defects with a diffusion model trained on good parts only')
    .version(version)
    .showSuggestionAfterError()
    .exitOverride();
  for (const command of [
    demoCommand(),
    doctorCommand(),
    dataCommand(),
    surfacesCommand(),
    trainCommand(),
    calibrateCommand(),
    inspectCommand(),
    evaluateCommand(),
    reportCommand(),
    pageCommand(),
    exportCommand(),
    importCommand(),
  ])
    diffad.addCommand(withExit(command));
  return diffad;
}

const withExit = (command: Command): Command => {
  for (const inner of command.commands) withExit(inner);
  askLate(command);
  return command.exitOverride().showSuggestionAfterError();
};

/** Unknown options are named before missing ones, so that `--modle run` is told of `--model`; commander has it the other way round. */
function askLate(command: Command): void {
  for (const option of command.options.filter(({ mandatory }) => mandatory)) {
    option.mandatory = false;
    command.hook('preAction', () => {
      if (command.opts()[option.attributeName()] === undefined)
        command.error(`error: required option '${option.flags}' not specified`);
    });
  }
}
