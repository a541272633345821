import { chart } from '../page/chart.ts';
import type { Group } from './kernels.ts';
import type { Roofs } from './roof.ts';

const COLOURS = { compute: '#f85149', memory: '#2f81f7', launch: '#a371f7' };

/** Kernels by their work per byte and their speed, on logarithmic scales, under the adapter's roofs, as SVG. */
export function rooflinePlot(title: string, groups: readonly Group[], { fma, copy }: Roofs): Promise<string> {
  const points = groups
    .filter(({ flops, nanoseconds }) => flops > 0 && nanoseconds > 0)
    .map(({ kernel, flops, bytes, nanoseconds, ofTotal, side }) => ({
      kernel,
      side,
      intensity: flops / bytes,
      speed: flops / nanoseconds,
      share: 100 * ofTotal,
    }));
  const intensities = points.map(({ intensity }) => intensity);
  const [low, high] = [Math.min(0.05, ...intensities), Math.max(100, ...intensities)];
  const roof = [low, fma / copy, high].map((intensity) => ({ intensity, speed: Math.min(fma, intensity * copy) }));
  return chart({
    title,
    width: 560,
    height: 360,
    encoding: {
      x: {
        field: 'intensity',
        type: 'quantitative',
        title: 'FLOP per byte',
        scale: { type: 'log', domain: [low, high] },
      },
      y: { field: 'speed', type: 'quantitative', title: 'GFLOP/s', scale: { type: 'log' } },
    },
    layer: [
      { data: { values: roof }, mark: { type: 'line', color: '#7d8590' } },
      {
        data: { values: points },
        mark: { type: 'circle', opacity: 0.7 },
        encoding: {
          size: { field: 'share', type: 'quantitative', title: '% of the time', scale: { range: [20, 900] } },
          color: {
            field: 'side',
            type: 'nominal',
            title: 'bound by',
            scale: { domain: Object.keys(COLOURS), range: Object.values(COLOURS) },
          },
          tooltip: { field: 'kernel', type: 'nominal' },
        },
      },
    ],
  });
}
