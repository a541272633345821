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

export interface AblationEvents {
  readonly onCell?: (event: {
    readonly cell: Cell;
    readonly fresh: boolean;
    readonly done: number;
    readonly total: number;
  }) => void;
}

/** All cells of the table in a fixed order, each method with its control; what the store holds is not done again. */
export async function runAblation(
  plan: AblationPlan,
  evaluator: Evaluator,
  events: AblationEvents = {},
): Promise<Cell[]> {
  const cells: Cell[] = [];
  const perMethod = (method: Method): Cell['reconstruction'][] =>
    method === 'draem' ? ['sampled'] : ['sampled', 'copied'];
  const total = plan.seeds * plan.classes.length * plan.methods.flatMap(perMethod).length;
  for (let seed = 0; seed < plan.seeds; seed++)
    for (const data of plan.classes)
      for (const method of plan.methods)
        for (const reconstruction of perMethod(method)) {
          const config = configOf(plan.config, method);
          const { cell, fresh } = await evaluator.cell({ method, config, data, seed, reconstruction });
          // The same cell may have been made for another table.
          cells.push({ ...cell, className: data.name, method });
          events.onCell?.({ cell, fresh, done: cells.length, total });
        }
  return cells;
}
