import { createHash } from 'node:crypto';
import type { DiffADConfig, StageName } from '@diffad/diffad';

/** What decides a trained part beside its configuration. */
export interface Origin {
  readonly seed: number;
  /** Fingerprint of the normal pictures it learns from. */
  readonly pictures: string;
  /** Fingerprint of the textures that are pasted; null for made-up ones. */
  readonly textures: string | null;
}

/** Raised when the same values no longer train the same part. */
const VERSION = 2;
/** Raised when the same parts are no longer judged alike. */
const JUDGING = 1;

type Values = Readonly<Record<string, unknown>>;

const pictures = ({ size, patch, channelOrder, resize, heldOut, simulation }: DiffADConfig): Values => ({
  size,
  patch,
  channelOrder,
  resize,
  heldOut,
  simulation,
});

/** How much the condition is noised matters only where it is. */
function conditioning({ diffusion }: DiffADConfig): Values {
  const { conditionNoiseMax, ...rest } = diffusion;
  return diffusion.condition === 'noisy' ? { ...rest, conditionNoiseMax } : rest;
}

/** What the loss on pictures' scores reads, where there is one: parts trained without it keep their names. */
const scoreLoss = ({ scoring: { lossWeight, windows } }: DiffADConfig): Values =>
  lossWeight === 0 ? {} : { scoreLoss: { lossWeight, windows } };

/** Parts trained without a Dice loss keep their names. */
function discriminator({ discriminator: { diceWeight, ...rest } }: DiffADConfig): Values {
  return diceWeight === 0 ? rest : { ...rest, diceWeight };
}

/** Exactly the values each stage of training reads, those of the stages before it included. How many steps a picture is sampled with is not among them. */
const valuesOf: Readonly<Record<StageName, (config: DiffADConfig) => Values>> = {
  vae: (config) => ({ ...pictures(config), autoencoder: config.autoencoder, trainingVae: config.training.vae }),
  diffusion: (config) => ({
    ...valuesOf.vae(config),
    unet: config.unet,
    diffusion: conditioning(config),
    trainingDiffusion: config.training.diffusion,
  }),
  segment: (config) => {
    const { spacing, start, interpolation } = config.sampling;
    return {
      ...valuesOf.diffusion(config),
      discriminator: discriminator(config),
      sampling: { spacing, start, interpolation },
      trainingSegment: config.training.segment,
      ...scoreLoss(config),
    };
  },
  draem: (config) => ({
    ...pictures(config),
    discriminator: discriminator(config),
    draem: config.draem,
    ...scoreLoss(config),
  }),
};

/** Names a trained part; parts of one name are the same to the bit on one adapter. */
export const partKey = (stage: StageName, config: DiffADConfig, origin: Origin): string =>
  hash({ version: VERSION, stage, origin, values: valuesOf[stage](config) });

/** What decides a cell beside the trained parts. */
export interface TestSetUp {
  /** Fingerprint of the test pictures, their masks and the normals of the trivial baselines. */
  readonly pictures: string;
  readonly maskMode: string;
}

/** Names a finished cell: sampling counts where something is sampled, scoring always. */
export function cellKey(config: DiffADConfig, origin: Origin, test: TestSetUp): string {
  const stage = config.method === 'draem' ? 'draem' : 'segment';
  const { steps, redrawings, differenceWeight } = config.sampling;
  const sampling = stage === 'segment' ? { steps, redrawings, differenceWeight } : null;
  return hash({ judging: JUDGING, part: partKey(stage, config, origin), test, sampling, scoring: config.scoring });
}

const hash = (value: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(value)))
    .digest('hex')
    .slice(0, 16);

/** Objects with their keys in order, so that equal values give equal text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}
