/**
 * What stands between a printed figure and us: `digit` was not legible and inferred, `point` lost its decimal point in the scan,
 * `suspect` contradicts the rest of its table, `reported` cannot follow from the published configuration.
 */
export type Mark = 'digit' | 'point' | 'suspect' | 'reported';

export interface PaperFigure {
  readonly value: number;
  readonly mark: Mark | null;
}

/** A table of the paper: rows by their first column, columns by their header. */
export interface PaperTable {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  figure(row: string, column: string): PaperFigure | undefined;
}

/** Reads comma-separated text; marks name cells as row/column. Throws on a mark without its cell. */
export function paperTable(text: string, marks: Partial<Record<Mark, readonly string[]>> = {}): PaperTable {
  const [header = [], ...lines] = text
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  const columns = header.slice(1);
  const cells = new Map<string, PaperFigure>();
  for (const [row, ...values] of lines)
    for (const [i, value] of values.entries()) cells.set(`${row}/${columns[i]}`, { value: Number(value), mark: null });
  for (const [mark, marked] of Object.entries(marks) as [Mark, readonly string[]][])
    for (const cell of marked) {
      const figure = cells.get(cell);
      if (!figure) throw new RangeError(`paperTable: no cell ${cell} to mark as ${mark}`);
      cells.set(cell, { ...figure, mark });
    }
  return {
    rows: lines.map(([row]) => row as string),
    columns,
    figure: (row, column) => cells.get(`${row}/${column}`),
  };
}

const words: Readonly<Record<Mark, string>> = {
  digit: 'inferred digit',
  point: 'inferred point',
  suspect: 'suspect',
  reported: 'reported',
};

/** `98.7`, `90.5 (inferred digit)`, `97.9 (suspect)`; a dash where the paper has no figure. */
export const printed = (figure: PaperFigure | undefined, digits = 1): string =>
  figure ? figure.value.toFixed(digits) + (figure.mark ? ` (${words[figure.mark]})` : '') : '-';
