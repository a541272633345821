import { type Rng, ShapeError } from '@diffad/tensor-core';
import { toGrey, toRgb } from '../image/channels.ts';
import { createMask, type Image, type Mask, shapeOf } from '../image/image.ts';
import { augment } from './augment.ts';
import { perlinMask } from './masks/perlin-mask.ts';
import { smallMask } from './masks/small-mask.ts';
import { thinMask } from './masks/thin-mask.ts';
import { shifted } from './shifted.ts';
import { soften } from './soften.ts';
import { paint, tone } from './tone.ts';

export interface SimulationOptions {
  /** Share of pictures that get a defect; default 0.5. */
  readonly probability?: number;
  /** Perlin cells per side are 2^0 to 2^this; default 5. */
  readonly perlinMaxExponent?: number;
  /** Largest weight of the original inside the mask; default 0.8. */
  readonly maxOpacity?: number;
  /** Beyond the paper: share of defects that are thin lines; default 0. */
  readonly thin?: number;
  /** Beyond the paper: share of defects that are small pits; default 0. */
  readonly small?: number;
  /** Beyond the paper: share of defects of one flat tone, dark or light, in place of a texture; default 0. */
  readonly tone?: number;
  /** Beyond the paper: share of those that have any colour, like paint; none where `grey` or the picture is; default 0. */
  readonly paint?: number;
  /** Beyond the paper: share of defects whose edges are smooth, as those of photographs are; default 0. */
  readonly soft?: number;
  /** Beyond the paper: share of defects that barely differ, with β ~ U(0.8, 0.95); default 0. */
  readonly lowContrast?: number;
  /** Beyond the paper: share of defects that are cut from the same picture elsewhere, with β = 0; default 0. */
  readonly cutPaste?: number;
  /** What is pasted is turned grey, for surfaces without colour, where a tint alone would tell it; default false. */
  readonly grey?: boolean;
  /** Where defects may lie, of the picture's size; default everywhere. */
  readonly region?: Mask;
}

const LOW_CONTRAST = [0.8, 0.95] as const;
/** Deviation of the Gaussian that smooths edges, in shares of the picture's shorter side. */
const SOFTNESS = [0.005, 0.02] as const;

/**
 * Pastes an augmented texture into a normal picture where a Perlin mask says: x_a = (1 − M) x + M ((1 − β) T + β x), β ~ U(0, maxOpacity).
 * Both [H, W, 1 or 3] in [0, 1] and of one size. The mask is empty where nothing was pasted. M is 0 or 1, or with smooth edges between:
 * then the mask is where it is above a half. Spec 2.4; DRAEM.
 */
export function simulateAnomaly(
  image: Image,
  texture: Image,
  rng: Rng,
  options: SimulationOptions = {},
): { image: Image; mask: Mask } {
  const { width, height, channels } = image;
  if (texture.width !== width || texture.height !== height)
    throw new ShapeError(
      `simulateAnomaly: the picture is ${shapeOf(image)}, the texture ${shapeOf(texture)}; resize the texture`,
    );
  if (rng.uniform() >= (options.probability ?? 0.5)) return { image, mask: createMask(width, height) };
  const edges = edged(defectMask(width, height, options, rng), options.soft ?? 0, rng);
  const { weight, mask } = options.region ? cut(edges, options.region) : edges;
  const { pasted, beta } = filling(image, texture, options, rng);
  const data = image.data.map((value, i) => {
    const m = weight[Math.floor(i / channels)] as number;
    return m * (1 - beta) * (pasted.data[i] as number) + (1 - m + m * beta) * value;
  });
  return { image: { ...image, data }, mask };
}

function defectMask(width: number, height: number, options: SimulationOptions, rng: Rng): Mask {
  const { thin = 0, small = 0, perlinMaxExponent = 5 } = options;
  const shape = thin + small > 0 ? rng.uniform() : 1;
  if (shape < thin) return thinMask(width, height, rng);
  return shape < thin + small ? smallMask(width, height, rng) : perlinMask(width, height, perlinMaxExponent, rng);
}

/** How much of a defect shows at each pixel, and where that makes it one: the same where its edges are hard. */
interface Edges {
  readonly weight: ArrayLike<number>;
  readonly mask: Mask;
}

function edged(hard: Mask, soft: number, rng: Rng): Edges {
  if (soft === 0 || rng.uniform() >= soft) return { weight: hard.data, mask: hard };
  const { weight, mask } = soften(hard, rng.uniform(...SOFTNESS) * Math.min(hard.width, hard.height));
  return { weight: weight.data, mask };
}

/** What of a defect lies inside a region. */
const cut = ({ weight, mask }: Edges, { data: inside }: Mask): Edges => ({
  weight: Float32Array.from(weight, (value, i) => value * (inside[i] as number)),
  mask: { ...mask, data: mask.data.map((value, i) => value * (inside[i] as number)) },
});

/** What is pasted, and how much of the original shines through it. */
function filling(
  image: Image,
  texture: Image,
  {
    cutPaste = 0,
    lowContrast = 0,
    tone: flat = 0,
    paint: painted = 0,
    maxOpacity = 0.8,
    grey = false,
  }: SimulationOptions,
  rng: Rng,
): { pasted: Image; beta: number } {
  const colourless = grey || image.channels === 1;
  const kind = cutPaste + lowContrast > 0 ? rng.uniform() : 1;
  if (kind < cutPaste) return { pasted: shifted(image, rng), beta: 0 };
  const [low, high] = kind < cutPaste + lowContrast ? LOW_CONTRAST : [0, maxOpacity];
  if (flat > 0 && rng.uniform() < flat) {
    const fill = !colourless && painted > 0 && rng.uniform() < painted ? paint : tone;
    return { pasted: fill(image, rng), beta: rng.uniform(low, high) };
  }
  const augmented = augment(toRgb(texture), rng);
  const pasted = colourless ? toGrey(augmented) : augmented;
  return { pasted: image.channels === 1 ? pasted : toRgb(pasted), beta: rng.uniform(low, high) };
}
