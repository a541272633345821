import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

const GREY = '#7d8590';

/** Readable on a light and on a dark page. */
const config: TopLevelSpec['config'] = {
  background: 'transparent',
  view: { stroke: null },
  axis: { labelColor: GREY, titleColor: GREY, gridColor: `${GREY}33`, domainColor: GREY, tickColor: GREY },
  legend: { labelColor: GREY, titleColor: GREY },
  header: { labelColor: GREY, titleColor: GREY },
  title: { color: GREY },
};

/** A chart as SVG text; it loads nothing. */
export const chart = (spec: TopLevelSpec): Promise<string> =>
  new View(parse(compile({ config, ...spec }).spec), { renderer: 'none' }).toSVG();
