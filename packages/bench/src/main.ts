#!/usr/bin/env node
import { Command } from 'commander';
import { ablationCommand } from './ablation/command.ts';
import { kernelsCommand } from './kernels/command.ts';
import { peersCommand } from './peers/command.ts';
import { profileCommand } from './profile/command.ts';

await new Command('diffad-bench')
  .description('measures the kernels and networks of DiffAD')
  .addCommand(ablationCommand)
  .addCommand(kernelsCommand)
  .addCommand(peersCommand)
  .addCommand(profileCommand)
  .parseAsync();
