import { quantile } from '../metrics/quantile.ts';
import type { Model } from '../model.ts';
import { judge } from './judge.ts';
import { levelOf } from './level.ts';
import type { Normals } from './usual-difference.ts';

/** What `usualLevel` holds, measured on normal pictures [H, W, 1 or 3] in [0, 1] while the model has none: the median over them. Throws RangeError without a picture. */
export async function usualLevel(model: Model, normals: Normals): Promise<number> {
  const levels: number[] = [];
  for await (const normal of normals) levels.push(levelOf((await judge(model, normal)).logit, model.region));
  if (levels.length === 0) throw new RangeError('usualLevel: needs one normal picture at least, got none');
  return quantile(
    levels.sort((a, b) => a - b),
    0.5,
  );
}
