import type { TopLevelSpec } from 'vega-lite';
import { chart } from '../page/chart.ts';
import type { FigureName } from '../store/cell.ts';
import { paperFigure } from './paper/figure.ts';
import type { AblationTable } from './sections.ts';
import { summarise } from './summary.ts';

const FIGURES: readonly (readonly [FigureName, FigureName | null, string])[] = [
  ['imageAuroc', 'controlImageAuroc', 'image AUROC, %'],
  ['pixelAuroc', null, 'pixel AUROC, %'],
  ['pixelAp', 'controlPixelAp', 'pixel AP, %'],
];
const SERIES = ['here', 'control: D(c) for x_r', 'paper, MVTec-AD at 256 px'];

/** Every method's mean over the classes beside its control and the paper's mean, as SVG. */
export function ablationPlot({ cells, methods }: AblationTable): Promise<string> {
  const points = FIGURES.flatMap(([figure, control, title]) =>
    methods.flatMap((method) => {
      const own = cells.filter((cell) => cell.method === method);
      const { mean, deviation } = summarise(own, figure);
      const spread = 100 * (deviation ?? 0);
      const values = [
        percent(mean),
        control === null ? undefined : percent(summarise(own, control).mean),
        paperFigure(method, 'average', figure)?.value,
      ];
      return values.flatMap((value, i) => {
        if (value === undefined) return [];
        const half = i === 0 ? spread : 0;
        return [{ title, method, series: SERIES[i], value, low: value - half, high: value + half }];
      });
    }),
  );
  return chart(specOf(points, methods));
}

const percent = (mean: number | null): number | undefined => (mean === null ? undefined : 100 * mean);

const specOf = (points: object[], methods: readonly string[]): TopLevelSpec => {
  const y = { field: 'method', type: 'nominal', sort: [...methods], title: null } as const;
  const series = {
    field: 'series',
    type: 'nominal',
    title: null,
    legend: { orient: 'bottom', labelLimit: 300 },
  } as const;
  return {
    data: { values: points },
    facet: { column: { field: 'title', type: 'nominal', sort: FIGURES.map(([, , title]) => title), title: null } },
    spec: {
      width: 280,
      height: 170,
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 2 },
          encoding: {
            x: { field: 'low', type: 'quantitative', title: null, scale: { domain: [0, 100] } },
            x2: { field: 'high' },
            y,
            color: { ...series, scale: { domain: SERIES, range: ['#2f81f7', '#d29922', '#7d8590'] } },
          },
        },
        {
          mark: { type: 'point', size: 70, filled: true },
          encoding: {
            x: { field: 'value', type: 'quantitative' },
            y,
            color: { ...series, scale: { domain: SERIES, range: ['#2f81f7', '#d29922', '#7d8590'] } },
            shape: { ...series, scale: { domain: SERIES, range: ['circle', 'cross', 'diamond'] } },
          },
        },
      ],
    },
  };
};
