import { type Golden, makeGolden } from '../golden.ts';
import { reverseChannels } from '../image/channels.ts';
import { judge } from '../inspect/judge.ts';
import { measureUsual } from '../inspect/measure-usual.ts';
import type { Normals } from '../inspect/usual-difference.ts';
import { calibrate } from '../metrics/calibrate.ts';
import type { Model } from '../model.ts';
import type { Simulator } from '../synthesis/simulator.ts';

/**
 * What a trained model still needs for a verdict: what is usual, and the threshold, from the scores of held-out normals as they are,
 * judged as inspection judges; and a golden picture, by which other runtimes check themselves.
 */
export async function finishModel(model: Model, normals: Normals, gauge: Simulator): Promise<void> {
  await measureUsual(model, normals);
  const scores: number[] = [];
  for await (const picture of normals) scores.push((await judge(model, picture)).score);
  model.calibration = calibrate(scores);
  model.golden = await goldenOf(model, gauge);
}

/** The first held-out normal with a simulated defect: its score exercises every part of the model. */
function goldenOf(model: Model, gauge: Simulator): Promise<Golden> {
  const items = Array.from({ length: gauge.options.pool }, (_, i) => gauge.item(i));
  const { image } = items.find(({ mask }) => mask.data.includes(1)) ?? gauge.item(0);
  return makeGolden(model, model.config.channelOrder === 'bgr' ? reverseChannels(image) : image);
}
