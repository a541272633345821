import type { TopLevelSpec } from 'vega-lite';
import { summarise } from '../ablation/summary.ts';
import { chart } from '../page/chart.ts';
import type { FigureName } from '../store/cell.ts';
import type { StepsTable } from './sections.ts';

const FIGURES: readonly (readonly [FigureName, string])[] = [
  ['imageAuroc', 'image AUROC, %'],
  ['pixelAp', 'pixel AP, %'],
];

/** Quality against time per picture: a line for each number of training steps, a point for each number of test steps. */
export function stepsPlot(table: StepsTable): Promise<string> {
  const points = FIGURES.flatMap(([figure, title]) =>
    [...table.train, null].flatMap((train) =>
      table.timings.flatMap(({ steps, detect }) => {
        const cells = table.cells.filter((cell) => cell.train === train && cell.test === steps);
        const { mean } = summarise(cells, figure);
        if (mean === null) return [];
        const series = train === null ? 'DRAEM' : `trained with ${train} steps`;
        return [
          {
            title,
            series,
            test: steps,
            label: steps === null ? 'DRAEM' : `${steps}`,
            value: 100 * mean,
            milliseconds: detect.p50,
          },
        ];
      }),
    ),
  );
  return chart(specOf(points));
}

const specOf = (values: object[]): TopLevelSpec => ({
  data: { values },
  facet: { column: { field: 'title', type: 'nominal', title: null } },
  spec: {
    width: 380,
    height: 260,
    encoding: {
      x: {
        field: 'milliseconds',
        type: 'quantitative',
        title: 'ms per picture, median; points: test steps',
        scale: { type: 'log' },
      },
      y: { field: 'value', type: 'quantitative', title: null, scale: { zero: false, nice: true } },
      order: { field: 'test', type: 'quantitative' },
      color: { field: 'series', type: 'nominal', title: null, legend: { orient: 'bottom', labelLimit: 300 } },
    },
    layer: [
      { mark: { type: 'line', point: { size: 45 } } },
      {
        mark: { type: 'text', dy: -10, fontSize: 10 },
        encoding: { text: { field: 'label', type: 'nominal' } },
      },
    ],
  },
  resolve: { scale: { y: 'independent' } },
});
