import type { DiffADConfig } from '@diffad/diffad';
import type { Cell } from '../store/cell.ts';
import type { ClassData } from '../store/class-data.ts';
import type { Evaluator } from '../store/evaluator.ts';
import { configOf, type Method } from './methods.ts';

export interface AblationPlan {
  readonly config: DiffADConfig;
  readonly classes: readonly ClassData[];
  readonly seeds: number;
  readonly methods: readonly Method[];
}

/** Told of every cell; `fresh` says that the store did not hold it. */
export type OnCell = (event: {
  readonly cell: Cell;
  readonly fresh: boolean;
  readonly done: number;
  readonly total: number;
}) => void;

/** All cells of the table in a fixed order; what the store holds is not done again. */
export async function runAblation(plan: AblationPlan, evaluator: Evaluator, onCell?: OnCell): Promise<Cell[]> {
  const { seeds, classes, methods } = plan;
  const cells: Cell[] = [];
  const total = seeds * classes.length * methods.length;
  for (let seed = 0; seed < seeds; seed++)
    for (const data of classes)
      for (const method of methods) {
        const found = await evaluator.cell({ method, config: configOf(plan.config, method), data, seed });
        // The same cell may have been made for another table, under other names.
        cells.push({ ...found.cell, className: data.name, method });
        onCell?.({ ...found, done: cells.length, total });
      }
  return cells;
}
