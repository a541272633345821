import { DiffAD } from '../diffad.ts';
import type { Model } from '../model.ts';
import { type Normals, usualDifference } from './usual-difference.ts';
import { usualLevel } from './usual-level.ts';

/** Measures on held-out normals [H, W, 1 or 3] in [0, 1] what inspection weighs others by, where the configuration wants it; they are gone through twice, one after the other. Throws RangeError without a picture. */
export async function measureUsual(model: Model, normals: Normals): Promise<void> {
  const { sampling, scoring } = model.config;
  if (model instanceof DiffAD && sampling.differenceWeight > 0)
    model.usualDifference = await usualDifference(model, normals);
  model.usualLevel = null;
  if (scoring.background > 0) model.usualLevel = await usualLevel(model, normals); // of logits with the difference
}
