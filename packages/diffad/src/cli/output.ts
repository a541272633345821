import { styleText } from 'node:util';

/** A mistake of the user: one line, no stack. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** For people: everything that is not the one JSON document goes to standard error. */
export const say = (line: string): void => void process.stderr.write(`${line}\n`);

export const fail = (message: string): void =>
  say(`${styleText('red', 'error:', { stream: process.stderr })} ${message}`);

/** The answer of a command: a JSON document with `--json`, else lines for people; both on standard output. */
export function answer(json: boolean, value: unknown, lines: () => readonly string[]): void {
  process.stdout.write(
    json
      ? `${JSON.stringify(value, null, 2)}\n`
      : lines()
          .map((line) => `${line}\n`)
          .join(''),
  );
}

/** Columns of equal width. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd(),
  );
}
