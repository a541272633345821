#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { ablationCommand } from './ablation/command.ts';
import { kernelsCommand } from './kernels/command.ts';
import { peersCommand } from './peers/command.ts';
import { profileCommand } from './profile/command.ts';
import { stepsCommand } from './steps/command.ts';

const bench = new Command('diffad-bench')
  .description('measures the kernels and networks of DiffAD, and makes the tables of the paper')
  .addCommand(ablationCommand)
  .addCommand(kernelsCommand)
  .addCommand(peersCommand)
  .addCommand(profileCommand)
  .addCommand(stepsCommand);
for (const command of [bench, ...bench.commands]) command.exitOverride();

/** Exit codes: 0 good, 2 error. */
try {
  await bench.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    const { message, stack } = error as Error;
    process.stderr.write(`${process.env.DIFFAD_DEBUG ? stack : `error: ${message}`}\n`);
    process.exitCode = 2;
  }
}
