import { PAPER_WINDOW } from '../image/mean-filter.ts';
import { UNVARIED } from '../synthesis/vary.ts';
import type { DiffADConfig } from './schema.ts';

/** The published architecture and hyper-parameters at 256 px; where paper and code are silent, the note says what we take. Spec 1 to 4. */
const paper: DiffADConfig = {
  preset: 'paper',
  method: 'diffad',
  size: 256,
  patch: null,
  channelOrder: 'bgr',
  resize: 'bilinear',
  heldOut: 0.1, // the paper holds nothing out; a threshold needs it
  autoencoder: {
    channels: 128,
    multipliers: [1, 2, 4, 4],
    blocks: 2,
    latentChannels: 4,
    groups: 32,
    attention: true,
    dropout: 0.5,
    initialLogVariance: 0,
  },
  unet: {
    channels: 256,
    multipliers: [1, 2, 4],
    blocks: 2,
    attentionAt: [1, 2, 4],
    headChannels: 32,
    groups: 32,
    dropout: 0,
  },
  discriminator: { width: 64, depth: 6, initialisation: 'normal', diceWeight: 0 },
  diffusion: {
    steps: 1000,
    betaStart: 0.0015,
    betaEnd: 0.02,
    prediction: 'epsilon',
    condition: 'noisy',
    conditionNoiseMax: 999,
    lowest: 0,
  },
  sampling: { steps: 5, redrawings: 1, differenceWeight: 0, spacing: 'ldm', start: 'noise', interpolation: 0.5 },
  scoring: { windows: [PAPER_WINDOW], background: 0, lossWeight: 0 },
  simulation: {
    pool: 0,
    probability: 0.5,
    perlinMaxExponent: 5,
    maxOpacity: 0.8,
    thin: 0,
    small: 0,
    soft: 0,
    lowContrast: 0,
    cutPaste: 0,
    tone: 0,
    paint: 0,
    rotation: { probability: 0.3, degrees: 90 },
    dihedral: false,
    variation: UNVARIED,
  },
  training: {
    vae: {
      steps: 20_000, // unstated in the paper
      batch: 16, // 8, accumulated twice: the same gradient, of which the rate is made
      learningRate: 7.2e-5,
      warmUp: 0,
      milestones: [],
      decay: 1,
      betas: [0.5, 0.9],
      clip: null,
      simulatedShare: 0,
      weights: { l1: 1, l2: 0, gradient: 0.5, ssim: 0.2, kl: 1e-6 }, // gradient and SSIM stand in for LPIPS
    },
    diffusion: {
      steps: 28_000, // 4000 epochs of bottle
      batch: 32,
      learningRate: 6.4e-5,
      warmUp: 0,
      milestones: [],
      decay: 1,
      weightDecay: 0.01,
      emaDecay: 0.9999,
      defectWeight: 0,
      scaleByStd: true, // the reference does not scale; five-step sampling starts from N(0, 1)
    },
    segment: {
      steps: 4_900, // 700 epochs of bottle
      batch: 32,
      learningRate: 1e-3,
      warmUp: 0,
      milestones: [0.8, 0.9],
      decay: 0.2,
      samplingSteps: 50,
      refresh: 0,
    },
  },
  draem: { width: 128, steps: 18_000, batch: 8, learningRate: 1e-4, warmUp: 0, milestones: [0.8, 0.9], decay: 0.2 },
};

/** 128 px: a laptop GPU in about an hour. */
const small: DiffADConfig = {
  ...paper,
  preset: 'small',
  size: 128,
  channelOrder: 'rgb',
  resize: 'area',
  autoencoder: { ...paper.autoencoder, channels: 32, blocks: 1, groups: 8, dropout: 0, initialLogVariance: -4 }, // at 0 one seed in two stays at the mean colour for hundreds of steps
  unet: { ...paper.unet, channels: 64, blocks: 1, attentionAt: [2, 4], headChannels: 16, groups: 8 },
  discriminator: {
    ...paper.discriminator,
    width: 32,
    initialisation: 'he', // learns far more in few steps
    diceWeight: 0.1, // small and faint defects are few of the pixels that the focal loss averages over
  },
  diffusion: {
    ...paper.diffusion,
    prediction: 'v',
    conditionNoiseMax: 299,
    lowest: 300, // below, the noisy normal shows more than the condition does: nothing is learned of restoring
  },
  sampling: {
    ...paper.sampling,
    steps: 1, // one step of v is nearer to unseen normals than five from noise, and restores defects as well
    redrawings: 4, // what one of them leaves as it is may be normal
    differenceWeight: 0.25, // the discriminator trusts what simulated defects look like more than how much differs
    start: 801, // far enough that only the condition tells of the defect
  },
  scoring: {
    windows: [0.016, 0.047, 0.082, 0.141], // defects are as small as a pit and as large as a stain
    background: 0.5, // another light is no defect
    lossWeight: 0, // 0.03 ranks pictures a little better and marks pixels a little worse
  },
  simulation: {
    ...paper.simulation,
    pool: 2048,
    perlinMaxExponent: 4,
    thin: 0.2, // scratches and pits, which Perlin noise never makes
    small: 0.2,
    soft: 0.5, // hard edges alone would tell a simulated defect, and no real one
    lowContrast: 0.1,
    cutPaste: 0.1,
    tone: 0.4, // stains and pits are dark or light more often than patterned
    paint: 0.33, // dark, light or grey alone taught the discriminator to leave red paint
    rotation: { probability: 0, degrees: 90 },
    variation: { probability: 0.7, gain: 1.25, gamma: 1.25, zoom: 0.75, noise: 0.03 }, // other light and distance than the few normals show
  },
  training: {
    vae: {
      ...paper.training.vae,
      steps: 4000,
      batch: 8,
      learningRate: 1e-3,
      warmUp: 100,
      milestones: [0.8],
      decay: 0.1,
      betas: [0.9, 0.99],
      clip: 1,
      simulatedShare: 0.5, // it must decode defects later
      weights: { l1: 1, l2: 10, gradient: 0.5, ssim: 0, kl: 1e-6 },
    },
    diffusion: {
      ...paper.training.diffusion,
      steps: 5000,
      batch: 16,
      learningRate: 1e-3,
      warmUp: 100,
      milestones: [0.7],
      decay: 0.2,
      emaDecay: 0.999,
      defectWeight: 8, // defects fill few latents: without it, real ones were copied
    },
    segment: { ...paper.training.segment, steps: 2500, batch: 16, milestones: [0.8], samplingSteps: 1 },
  },
  draem: { ...paper.draem, width: 32, steps: 6000, learningRate: 1e-3 },
};

/** 64 px: about an hour on a two-core software adapter. */
const tiny: DiffADConfig = {
  ...small,
  preset: 'tiny',
  size: 64,
  autoencoder: { ...small.autoencoder, channels: 16, multipliers: [1, 2, 2], attention: false },
  unet: { ...small.unet, channels: 32, multipliers: [1, 2, 2], attentionAt: [2, 4] },
  discriminator: { ...small.discriminator, width: 16 },
  simulation: { ...small.simulation, perlinMaxExponent: 3 },
  training: {
    vae: { ...small.training.vae, steps: 800 },
    diffusion: { ...small.training.diffusion, steps: 800 },
    segment: { ...small.training.segment, steps: 4000, batch: 8, milestones: [0.8, 0.9] }, // after 1600 it still learns much
  },
  draem: { ...small.draem, width: 16, steps: 3000 }, // as long as the three stages
};

export const presets: Readonly<Record<string, DiffADConfig>> = { tiny, small, paper };
