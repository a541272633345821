import { init } from '@diffad/tensor-core';
import { inspect, surfacePicture, train } from '../../src/index.ts';
import { tinyConfig, tinyData } from './tiny.ts';

/** Trains all three stages, and what it gave: losses by stage, gauges, the score of a picture. Runs in a browser too. */
export async function wholeTraining() {
  await init();
  const figures: Record<string, number> = {};
  const config = tinyConfig();
  const model = await train({
    config,
    seed: 5,
    data: tinyData(config),
    onMetrics: ({ stage, step, seconds, ...rest }) => {
      for (const [name, value] of Object.entries(rest)) figures[`${stage} ${name}`] = Number(value);
    },
  });
  const { image } = surfacePicture(5, 0, { surface: 'woven', size: config.size, defect: 'spot' });
  figures.score = (await inspect(model, image, { threshold: 0.5 })).score;
  model.dispose();
  return figures;
}

Object.assign(globalThis, { wholeTraining });
