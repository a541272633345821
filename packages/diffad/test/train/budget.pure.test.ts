import fc from 'fast-check';
import { expect, test } from 'vitest';
import { resolveConfig } from '../../src/index.ts';
import { fitBudget, secondsOf, stepsOf } from '../../src/train/budget.ts';
import type { Costs, StageCost } from '../../src/train/measure.ts';

const STAGES = ['vae', 'diffusion', 'segment'] as const;
const perStage = <T>(value: fc.Arbitrary<T>) => fc.tuple(value, value, value);
const milliseconds = fc.integer({ min: 1, max: 2000 });

test('a budget is kept but for ten steps a stage; steps never rise, and none stay none', () => {
  fc.assert(
    fc.property(
      perStage(fc.constantFrom(0, 7, 10, 800, 4000)),
      perStage(milliseconds),
      perStage(milliseconds),
      fc.integer({ min: 1, max: 20_000 }),
      fc.constantFrom(0, 2048),
      (wanted, perStep, perItem, seconds, pool) => {
        const config = resolveConfig({
          assignments: [...STAGES.map((stage, i) => `training.${stage}.steps=${wanted[i]}`), `simulation.pool=${pool}`],
        });
        const costs: Costs = {
          stages: STAGES.map((stage, i) => ({
            stage,
            perStep: (perStep[i] as number) / 1000,
            perItem: stage === 'vae' ? 0 : (perItem[i] as number) / 1000,
          })),
          peakBytes: 0,
        };
        const sum = (of: (cost: StageCost) => number): number => costs.stages.reduce((all, one) => all + of(one), 0);
        const fitted = fitBudget(config, costs, seconds);
        for (const stage of STAGES) {
          expect(stepsOf(fitted, stage)).toBeLessThanOrEqual(stepsOf(config, stage));
          expect(stepsOf(fitted, stage) === 0).toBe(stepsOf(config, stage) === 0);
        }
        const before = sum((cost) => secondsOf(config, cost));
        const step = ({ stage, perStep, perItem }: StageCost): number =>
          perStep + (pool === 0 ? config.training[stage as (typeof STAGES)[number]].batch * perItem : 0);
        const pools = before - sum((cost) => stepsOf(config, cost.stage) * step(cost));
        const least = sum((cost) => Math.min(10, stepsOf(config, cost.stage)) * step(cost));
        expect(sum((cost) => secondsOf(fitted, cost))).toBeLessThanOrEqual(Math.max(seconds, pools) + least + 1e-6);
        if (before <= seconds) expect(fitted).toEqual(config);
      },
    ),
    { seed: 3, numRuns: 300 },
  );
});

test('a stage without steps takes no time, a refreshed pool is made as often as it is needed', () => {
  const free = { stage: 'segment', perStep: 1, perItem: 1 } as const;
  const config = (count: number, refresh: number) =>
    resolveConfig({
      assignments: [`training.segment.steps=${count}`, `training.segment.refresh=${refresh}`, 'simulation.pool=100'],
    });
  expect(secondsOf(config(0, 0), free)).toBe(0);
  expect(secondsOf(config(0, 5), free)).toBe(0);
  expect(secondsOf(config(10, 0), free)).toBe(110);
  expect(secondsOf(config(10, 4), free)).toBe(310);
});

test('without a pool every step makes its own pictures: as much as a pool that each picture is used of once', () => {
  for (const stage of [...STAGES, 'draem'] as const) {
    const cost = { stage, perStep: 2, perItem: 0.5 };
    const config = (pool: number) => resolveConfig({ assignments: [`simulation.pool=${pool}`] });
    const { draem, training } = config(0);
    const { steps, batch } = stage === 'draem' ? draem : training[stage];
    expect(secondsOf(config(0), cost)).toBe(secondsOf(config(steps * batch), cost));
  }
});
