#!/usr/bin/env node
import { runProgram } from '@diffad/diffad/node';
import { Command } from 'commander';
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
await runProgram(bench);
