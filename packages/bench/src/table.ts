/** A Markdown table, columns aligned in plain text too; a column whose cells all begin with a digit stands to the right. */
export function table(headers: readonly string[], rows: readonly (readonly string[])[]): string {
  const columns = headers.map((header, i) => {
    const cells = rows.map((row) => row[i] ?? '');
    const numeric = cells.some(Boolean) && cells.every((cell) => cell === '' || /^[-\d]/.test(cell));
    return { numeric, width: Math.max(3, header.length, ...cells.map((cell) => cell.length)) };
  });
  const line = (cells: readonly string[]): string =>
    `| ${columns.map(({ numeric, width }, i) => (numeric ? (cells[i] ?? '').padStart(width) : (cells[i] ?? '').padEnd(width))).join(' | ')} |`;
  const rule = `| ${columns.map(({ numeric, width }) => (numeric ? `${'-'.repeat(width - 1)}:` : '-'.repeat(width))).join(' | ')} |`;
  return [line(headers), rule, ...rows.map(line)].join('\n');
}

/** Three significant digits, never in exponents. */
export function digits(value: number): string {
  if (!Number.isFinite(value)) return '-';
  const magnitude = value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.max(0, 2 - magnitude));
}

/** `1 step`, `2 steps`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
