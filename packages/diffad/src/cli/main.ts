#!/usr/bin/env node
import { program } from './program.ts';
import { runProgram } from './run-program.ts';

/** Exit codes: 0 good, 3 defects found, 2 error. */
await runProgram(program());
