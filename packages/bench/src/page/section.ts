import { table } from '../table.ts';

/** A table with its title, for Markdown and HTML alike. */
export interface Section {
  readonly title: string;
  readonly note?: string;
  readonly headers: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export const sectionMarkdown = ({ title, note, headers, rows }: Section): string =>
  [`## ${title}`, ...(note ? [note] : []), table(headers, rows)].join('\n\n');

/** Comma-separated text; cells that need it are quoted. */
export const csv = (headers: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string =>
  [headers, ...rows]
    .map((row) => `${row.map((cell) => quoted(cell === null ? '' : String(cell))).join(',')}\n`)
    .join('');

const quoted = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
