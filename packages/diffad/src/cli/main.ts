#!/usr/bin/env node
import { CommanderError } from 'commander';
import { fail } from './output.ts';
import { program } from './program.ts';

// Whoever reads has enough, as in `diffad inspect ... | head`: what is left will not be done.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(2);
    throw error;
  });

/** Exit codes: 0 good, 3 defects found, 2 error. */
try {
  await program().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    fail(process.env.DIFFAD_DEBUG ? String((error as Error).stack) : (error as Error).message);
    process.exitCode = 2;
  }
}
