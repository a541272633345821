import { presets } from './presets.ts';
import { configSchema, type DiffADConfig } from './schema.ts';
import { type Variant, variantNames, withVariant } from './variants.ts';

/** A configuration that cannot be used; the message names the value and what is expected. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface ConfigChoice {
  /** Default `tiny`. */
  readonly preset?: string;
  readonly variant?: string;
  /** Values that replace the preset's, nested as in the schema. */
  readonly overrides?: Readonly<Record<string, unknown>>;
  /** `unet.channels=64`: path and JSON value, applied last. */
  readonly assignments?: readonly string[];
}

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function merged(base: Json, changes: Json): Json {
  const replaced = Object.entries(changes).map(([key, value]): [string, unknown] => {
    const old = base[key];
    return [key, isObject(old) && isObject(value) ? merged(old, value) : value];
  });
  return { ...base, ...Object.fromEntries(replaced) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function assignment(text: string): Json {
  const [, path, value] = /^([\w.-]+)=(.*)$/s.exec(text) ?? [];
  if (path === undefined || value === undefined)
    throw new ConfigError(`--set ${text}: expected key=value, for example unet.channels=64`);
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), parsed(value)) as Json;
}

/** Checks a configuration from a file or a run folder. Throws ConfigError naming every wrong value. */
export function parseConfig(value: unknown, source: string): DiffADConfig {
  const result = configSchema.safeParse(value);
  if (!result.success) {
    const lines = result.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
    throw new ConfigError(`${source}: ${lines.join('; ')}`);
  }
  return checked(result.data, source);
}

/** What the schema cannot say: sizes that must divide, timesteps that must lie in the schedule. */
function checked(config: DiffADConfig, source: string): DiffADConfig {
  const { size, autoencoder, unet, discriminator, diffusion, sampling, training } = config;
  const { steps, lowest, conditionNoiseMax } = diffusion;
  const visitable = steps - Math.max(1, lowest) + 1;
  const sampled = [
    ['sampling.steps', sampling.steps],
    ['training.segment.samplingSteps', training.segment.samplingSteps],
  ] as const;
  const factor = 2 ** (autoencoder.multipliers.length + unet.multipliers.length - 2);
  const widths = [
    ...autoencoder.multipliers.map((m) => ['autoencoder', m * autoencoder.channels, autoencoder.groups] as const),
    ...unet.multipliers.map((m) => ['unet', m * unet.channels, unet.groups] as const),
  ];
  const last = unet.multipliers.length - 1;
  const attended = unet.multipliers
    .filter((_, level) => level === last || unet.attentionAt.includes(2 ** level)) // the middle attends always
    .map((m) => m * unet.channels);
  const problems = [
    size % factor === 0 ||
      `size: ${size} is not a multiple of ${factor}, which the autoencoder and the unet halve it by`,
    size % 2 ** (discriminator.depth - 1) === 0 ||
      `size: ${size} is not a multiple of ${2 ** (discriminator.depth - 1)}, for discriminator.depth ${discriminator.depth}`,
    ...widths.map(
      ([network, width, groups]) =>
        width % groups === 0 || `${network}.groups: ${groups} does not divide a level of ${width} channels`,
    ),
    ...attended.map(
      (width) =>
        width % unet.headChannels === 0 ||
        `unet.headChannels: ${unet.headChannels} does not divide a level of ${width} channels, which attends`,
    ),
    lowest < steps || `diffusion.lowest: ${lowest} is not below diffusion.steps ${steps}`,
    conditionNoiseMax < steps ||
      `diffusion.conditionNoiseMax: ${conditionNoiseMax} is not below diffusion.steps ${steps}`,
    ...sampled.map(
      ([name, count]) =>
        lowest >= steps ||
        count <= visitable ||
        `${name}: ${count} is not in [1, ${visitable}], which diffusion.lowest ${lowest} and diffusion.steps ${steps} leave`,
    ),
    sampling.start === 'noise' ||
      (sampling.start >= lowest && sampling.start < steps) ||
      `sampling.start: ${sampling.start} is not in [diffusion.lowest, diffusion.steps), [${lowest}, ${steps})`,
  ].filter((problem) => typeof problem === 'string');
  if (problems.length > 0) throw new ConfigError(`${source}: ${problems.join('; ')}`);
  return config;
}

/** The preset with its overrides. Throws ConfigError for a name or value that does not exist. */
export function resolveConfig({
  preset = 'tiny',
  variant,
  overrides = {},
  assignments = [],
}: ConfigChoice): DiffADConfig {
  const base = presets[preset];
  if (!base) throw new ConfigError(`preset ${preset} does not exist; choose ${Object.keys(presets).join(', ')}`);
  if (variant !== undefined && !variantNames.includes(variant as Variant))
    throw new ConfigError(`variant ${variant} does not exist; choose ${variantNames.join(', ')}`);
  const chosen = variant === undefined ? base : withVariant(base, variant as Variant);
  const changes = [overrides, ...assignments.map(assignment)];
  return parseConfig(changes.reduce<Json>(merged, chosen as Json), `preset ${preset} with overrides`);
}
