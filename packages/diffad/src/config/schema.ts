import { z } from 'zod';
import { PAPER_WINDOW } from '../image/mean-filter.ts';
import { UNVARIED } from '../synthesis/vary.ts';

const count = z.int().min(1);
const share = z.number().min(0).max(1);

const autoencoder = z.strictObject({
  channels: count,
  multipliers: z.array(count).min(1).max(6),
  blocks: count,
  latentChannels: count,
  groups: count,
  attention: z.boolean(),
  dropout: share,
  /** What log σ² of the posterior starts at. Far below 0 the latents are heard over their noise from the first step. */
  initialLogVariance: z.number().min(-30).max(20),
});

const unet = z.strictObject({
  channels: count,
  multipliers: z.array(count).min(1).max(6),
  blocks: count,
  attentionAt: z.array(count),
  headChannels: count.multipleOf(4),
  groups: count,
  dropout: share,
});

const discriminator = z.strictObject({
  width: count,
  depth: z.int().min(2).max(6),
  /** How its weights are drawn, and those of the baseline's other network: N(0, 0.02²) in the paper, or N(0, 2 / fan-in). */
  initialisation: z.enum(['normal', 'he']).default('normal'),
  /** Weight of the Dice loss in training, beside the focal one; 0 in the paper. The baseline's too. */
  diceWeight: z.number().min(0).default(0),
});

const diffusion = z.strictObject({
  steps: z.int().min(2),
  betaStart: z.number().positive(),
  betaEnd: z.number().positive().lt(1),
  /** What the UNet predicts: `epsilon` in the paper; `v` errs less at few steps. */
  prediction: z.enum(['epsilon', 'v']),
  /** What the UNet sees of the picture: nothing, its latent, or its latent noised to a timestep of its own. */
  condition: z.enum(['none', 'clean', 'noisy']),
  /** Highest timestep of the condition's noise; 999 in the paper. */
  conditionNoiseMax: z.int().min(0),
  /** Lowest timestep that is trained, and visited when sampling; 0, all of them, in the paper. */
  lowest: z.int().min(0).default(0),
});

const sampling = z.strictObject({
  /** DDIM steps when a picture is inspected. */
  steps: count,
  /** Redrawings an inspected picture is compared with, each from a noise of its own. */
  redrawings: count.default(1),
  /** What a pixel's logit gains where it differs from the redrawing by `DiffAD.usualDifference`, and in proportion elsewhere; 0, nothing, in the paper. */
  differenceWeight: z.number().min(0).default(0),
  spacing: z.enum(['ldm', 'linspace']),
  /** Where sampling starts: pure noise, or the picture's own latent diffused to a timestep. */
  start: z.union([z.literal('noise'), z.int().min(1)]),
  /** λ of the interpolated channels, paper eq. 7; null leaves them out. */
  interpolation: share.nullable(),
});

/** How a picture's score is read off its logits, and learned; files written before there was a choice have the paper's. */
const scoring = z
  .strictObject({
    /** Sides of the windows whose largest mean probabilities are averaged, as shares of `size`. */
    windows: z.array(share).min(1),
    /** Share of what the median logit of a picture exceeds `usualLevel` by that is taken off all of its logits; 0 in the paper. */
    background: share,
    /** Weight of the loss on pictures' scores in training, beside the one on pixels; 0 in the paper. */
    lossWeight: z.number().min(0).default(0),
  })
  .default({ windows: [PAPER_WINDOW], background: 0, lossWeight: 0 });

/** See `Variation`. Files written before variation existed have none. */
const variation = z
  .strictObject({
    probability: share,
    gain: z.number().min(1).max(4),
    gamma: z.number().min(1).max(4),
    zoom: z.number().min(0.25).max(1),
    noise: share,
  })
  .default(UNVARIED);

const simulation = z.strictObject({
  /** Simulated pictures made once and drawn from; 0 makes new ones at every step. */
  pool: z.int().min(0),
  /** Share of pictures that get a defect. */
  probability: share,
  /** Perlin cells per side are 2^0 to 2^this. */
  perlinMaxExponent: z.int().min(0).max(8),
  /** Largest weight of the original inside the mask. */
  maxOpacity: share,
  /** Shares of the defects that are thin lines, and small pits; all others follow Perlin noise. 0 in the paper. */
  thin: share,
  small: share,
  /** Share of the defects whose edges are smooth; none in the paper. */
  soft: share.default(0),
  /** Shares of the defects that barely differ, and that are cut from the same picture elsewhere. 0 in the paper. */
  lowContrast: share,
  cutPaste: share,
  /** Share of the others that have one flat tone, dark or light, in place of a texture; none in the paper. */
  tone: share.default(0),
  /** Share of these that have any colour, on surfaces that have one; none in the paper. */
  paint: share.default(0),
  /** Share of normals that are rotated, and by how many degrees at most. */
  rotation: z.strictObject({ probability: share, degrees: z.number().min(0).max(180) }),
  /** Random quarter turns and mirrorings, for surfaces without an up. */
  dihedral: z.boolean(),
  /** How normals are varied before defects are pasted; none in the paper. */
  variation,
});

/** One stage of training. The rate warms up linearly and is multiplied by `decay` at each of `milestones`. */
const stage = {
  steps: z.int().min(0),
  batch: count,
  learningRate: z.number().positive(),
  warmUp: z.int().min(0),
  /** Shares of the steps at which the rate falls. */
  milestones: z.array(share),
  decay: share,
};

const training = z.strictObject({
  vae: z.strictObject({
    ...stage,
    betas: z.tuple([share, share]),
    clip: z.number().positive().nullable(),
    /** Share of every batch that carries simulated defects; 0 in the paper. */
    simulatedShare: share,
    /** `l2` leaves the plateau at the mean colour on which `l1` alone stays for hundreds of steps; 0 in the paper. */
    weights: z.strictObject({ l1: z.number(), l2: z.number(), gradient: z.number(), ssim: z.number(), kl: z.number() }),
  }),
  diffusion: z.strictObject({
    ...stage,
    weightDecay: z.number().min(0),
    emaDecay: share,
    scaleByStd: z.boolean(),
    /** How much more errors inside simulated defects count than others; 0, no more, in the paper. */
    defectWeight: z.number().min(0).default(0),
  }),
  segment: z.strictObject({
    ...stage,
    /** DDIM steps behind the reconstructions it learns from; 50 in the paper. */
    samplingSteps: count,
    /** Reconstructions are made anew after so many steps; 0 never. */
    refresh: z.int().min(0),
  }),
});

const draem = z.strictObject({ width: count, ...stage });

/** Every value of a run. A preset is one of these; the run folder keeps it as config.json. */
export const configSchema = z.strictObject({
  preset: z.string(),
  method: z.enum(['diffad', 'draem']),
  /** Side of the square picture the networks see, in pixels. */
  size: z.int().min(16),
  /** Windows at native scale instead of the squeezed picture: their overlap as a share of `size`; null squeezes. */
  patch: z.strictObject({ overlap: z.number().min(0).lt(1) }).nullable(),
  channelOrder: z.enum(['rgb', 'bgr']),
  /** How pictures are brought to `size`: exact means of areas, or the reference's bilinear, which aliases. */
  resize: z.enum(['area', 'bilinear']),
  /** Share of the normal pictures held out to calibrate the threshold and to gauge training. */
  heldOut: share,
  autoencoder,
  unet,
  discriminator,
  diffusion,
  sampling,
  scoring,
  simulation,
  training,
  draem,
});

export type DiffADConfig = z.infer<typeof configSchema>;
export type StageConfig = Pick<
  DiffADConfig['training']['vae'],
  'steps' | 'batch' | 'learningRate' | 'warmUp' | 'milestones' | 'decay'
>;
