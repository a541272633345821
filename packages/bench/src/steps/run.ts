import type { DiffADConfig } from '@diffad/diffad';
import { configOf } from '../ablation/methods.ts';
import type { Cell } from '../store/cell.ts';
import type { ClassData } from '../store/class-data.ts';
import type { Evaluator } from '../store/evaluator.ts';

export interface StepsPlan {
  readonly config: DiffADConfig;
  readonly classes: readonly ClassData[];
  readonly seeds: number;
  /** DDIM steps behind the reconstructions the discriminator learns from. */
  readonly train: readonly number[];
  /** DDIM steps when a picture is inspected. */
  readonly test: readonly number[];
}

/** Quality at one pair of step counts, on one class from one seed. Null steps: the baseline, which does not sample. */
export interface StepsCell extends Cell {
  readonly train: number | null;
  readonly test: number | null;
}

/** The full method with other step counts; nothing else changes. */
export function withSteps(config: DiffADConfig, train: number, test: number): DiffADConfig {
  const full = configOf(config, 'full');
  const segment = { ...full.training.segment, samplingSteps: train };
  return {
    ...full,
    sampling: { ...full.sampling, steps: test },
    training: { ...full.training, segment },
  };
}

/** All cells in a fixed order, the baseline last; what the store holds is not done again. */
export async function runSteps(
  plan: StepsPlan,
  evaluator: Evaluator,
  onCell?: (event: { readonly cell: StepsCell; readonly fresh: boolean }) => void,
): Promise<StepsCell[]> {
  const columns = [
    ...plan.train.flatMap((train) =>
      plan.test.map((test) => ({ train, test, method: 'full', config: withSteps(plan.config, train, test) })),
    ),
    { train: null, test: null, method: 'draem', config: configOf(plan.config, 'draem') },
  ];
  const cells: StepsCell[] = [];
  for (let seed = 0; seed < plan.seeds; seed++)
    for (const data of plan.classes)
      for (const { train, test, method, config } of columns) {
        const found = await evaluator.cell({ method, config, data, seed });
        const cell = { ...found.cell, className: data.name, method, train, test };
        cells.push(cell);
        onCell?.({ cell, fresh: found.fresh });
      }
  return cells;
}
