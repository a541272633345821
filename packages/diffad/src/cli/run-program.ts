import { type Command, CommanderError } from 'commander';
import { fail } from './output.ts';
import { refuseEmpty } from './refuse-empty.ts';

/** Runs a command line to its end. A mistake is one line on standard error, with `DIFFAD_DEBUG` its stack, and exit code 2. */
export async function runProgram(program: Command): Promise<void> {
  outliveReaders();
  refuseEmpty(program);
  try {
    await program.parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      const { message, stack } = error as Error;
      fail(process.env.DIFFAD_DEBUG ? String(stack) : message);
      process.exitCode = 2;
    }
  }
}

/**
 * Who reads results no further has enough, as in `inspect ... | head`: what is left is not done. Who reads messages no further, as `tee`
 * after the Ctrl-C that it got too, ends nothing: a training saves its state.
 */
function outliveReaders(): void {
  const broken = (then: () => void) => (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    then();
  };
  process.stdout.on(
    'error',
    broken(() => process.exit(2)),
  );
  process.stderr.on(
    'error',
    broken(() => undefined),
  );
}
