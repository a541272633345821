import type { FigureName } from '../../store/cell.ts';
import type { Method } from '../methods.ts';
import { detection } from './detection.ts';
import { draem } from './draem.ts';
import { localisation } from './localisation.ts';
import type { PaperFigure } from './paper-table.ts';

const columns: Partial<Record<FigureName, readonly [variants: string | null, baseline: string]>> = {
  imageAuroc: [null, 'image auroc'],
  pixelAuroc: ['auroc', 'pixel auroc'],
  pixelAp: ['ap', 'pixel ap'],
};

/** Whether the paper has figures of its own for a class. */
export const inPaper = (className: string): boolean => detection.rows.includes(className);

/** What the paper prints, in percent, for a class of MVTec-AD or `average`; undefined where it prints nothing. */
export function paperFigure(method: Method, row: string, figure: FigureName): PaperFigure | undefined {
  const column = columns[figure];
  if (!column) return undefined;
  const [variant, baseline] = column;
  if (method === 'draem') return draem.figure(row, baseline);
  return variant === null ? detection.figure(row, method) : localisation.figure(row, `${method} ${variant}`);
}
