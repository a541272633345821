import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Point } from '../metrics/curves.ts';
import type { MetricsRecord } from '../train/train.ts';

const FRAME = {
  $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
  background: 'transparent',
  config: {
    view: { stroke: null },
    axis: {
      labelColor: '#7d8590',
      titleColor: '#7d8590',
      gridColor: '#7d859033',
      domainColor: '#7d8590',
      tickColor: '#7d8590',
    },
    legend: { labelColor: '#7d8590', titleColor: '#7d8590' },
    title: { color: '#7d8590' },
  },
} as const;

/** A vega-lite chart as inline SVG. */
async function svg(spec: object): Promise<string> {
  const view = new View(parse(compile({ ...FRAME, ...spec } as TopLevelSpec).spec), { renderer: 'none' });
  return view.toSVG();
}

const quantitative = (field: string, title: string, domain?: readonly [number, number]) => ({
  field,
  type: 'quantitative',
  title,
  ...(domain && { scale: { domain } }),
});

/** One curve in the unit square, cut off where x is `limit`. */
export const curve = (title: string, x: string, y: string, points: readonly Point[], limit = 1): Promise<string> =>
  svg({
    title,
    width: 240,
    height: 200,
    data: { values: points },
    mark: { type: 'line', color: '#2f81f7', clip: true },
    encoding: { x: quantitative('x', x, [0, limit]), y: quantitative('y', y, [0, 1]), order: { field: 'x' } },
  });

/** The loss of one stage on a logarithmic scale. */
export const lossCurve = (stage: string, records: readonly MetricsRecord[]): Promise<string> =>
  svg({
    title: stage,
    width: 240,
    height: 160,
    data: { values: records.map(({ step, loss }) => ({ step, loss })) },
    mark: { type: 'line', color: '#2f81f7' },
    encoding: {
      x: quantitative('step', 'step'),
      y: { field: 'loss', type: 'quantitative', title: 'loss', scale: { type: 'log' } },
    },
  });
