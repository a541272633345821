import { scope, type Tensor } from '@diffad/tensor-core';
import { DiffAD } from '../diffad.ts';
import type { Image } from '../image/image.ts';
import type { Model } from '../model.ts';
import { chunks, stackImages, unstackImages } from '../train/batch.ts';

/** What the networks make of one picture; all of the picture's size. */
export interface Detection {
  /** Anomaly logit per pixel [H, W, 1]; the probability is its sigmoid. */
  readonly logit: Image;
  readonly reconstruction: Image;
  readonly interpolation: Image | null;
}

export interface DetectOptions {
  /** DDIM steps; default the model's. */
  readonly steps?: number;
  /** Redrawings a picture is compared with; default the model's. */
  readonly redrawings?: number;
  /** Seed of the start noises; default 0. */
  readonly seed?: number;
  /** Pictures per batch; default 8. Scores do not depend on it but for rounding. */
  readonly batch?: number;
  /** `copied`: the control, see {@link DiffAD.detectCopied}; methods without sampling ignore it. Default `sampled`. */
  readonly reconstruction?: 'sampled' | 'copied';
}

/** Runs the networks over pictures of the size they were trained on. */
export async function detect(
  model: Model,
  pictures: readonly Image[],
  options: DetectOptions = {},
): Promise<Detection[]> {
  const found: Detection[] = [];
  for (const group of chunks(pictures, options.batch ?? 8)) {
    const { logit, reconstruction, interpolation } = scope(() => run(model, stackImages(group), options));
    const read = async (tensor: Tensor): Promise<Image[]> => {
      using owned = tensor;
      return unstackImages(owned);
    };
    const logits = await read(logit);
    const reconstructions = await read(reconstruction);
    const interpolations = interpolation && (await read(interpolation));
    for (const [i, map] of logits.entries())
      found.push({
        logit: map,
        reconstruction: reconstructions[i] as Image,
        interpolation: interpolations?.[i] ?? null,
      });
  }
  return found;
}

function run(model: Model, x: Tensor, { steps, redrawings, seed, reconstruction }: DetectOptions) {
  if (!(model instanceof DiffAD)) return model.detect(x);
  if (reconstruction === 'copied') return model.detectCopied(x);
  const noises = model.inspectionNoises(x.shape[0] as number, redrawings ?? model.config.sampling.redrawings, seed);
  return model.detect(x, noises, steps);
}
