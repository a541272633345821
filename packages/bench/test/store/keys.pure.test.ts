import { type DiffADConfig, presets, type StageName, withVariant } from '@diffad/diffad';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leaves } from '../../src/ablation/differences.ts';
import { configOf, methodNames } from '../../src/ablation/methods.ts';
import { cellKey, type Origin, partKey, type TestSetUp } from '../../src/store/keys.ts';

const STAGES: readonly StageName[] = ['vae', 'diffusion', 'segment', 'draem'];
const base = withVariant(presets.small as DiffADConfig, 'full');
const origin: Origin = { seed: 0, pictures: 'p', textures: null };
const setUp: TestSetUp = { pictures: 't', maskMode: 'gt0.5' };

/** The configuration with another value at `path`. */
function changed(config: DiffADConfig, path: string): DiffADConfig {
  const walk = (value: unknown, [key, ...rest]: readonly string[]): unknown => {
    if (key === undefined) return `not ${JSON.stringify(value)}`;
    return { ...(value as object), [key]: walk((value as Record<string, unknown>)[key], rest) };
  };
  return walk(config, path.split('.')) as DiffADConfig;
}

const keysOf = (config: DiffADConfig): Record<string, string> => ({
  ...Object.fromEntries(STAGES.map((stage) => [stage, partKey(stage, config, origin)])),
  cell: cellKey(config, origin, setUp),
});

/** What must be made again when a value under a path changes; the first that fits. */
const RULES: readonly (readonly [path: RegExp, remade: readonly string[]])[] = [
  [/^preset$/, []],
  [/^sampling\.(steps|redrawings|differenceWeight)$/, ['cell']],
  [/^scoring\.lossWeight$/, ['segment', 'draem', 'cell']],
  [/^scoring\b/, ['cell']],
  [/^(size|patch|channelOrder|resize|heldOut|simulation)\b/, ['vae', 'diffusion', 'segment', 'draem', 'cell']],
  [/^(autoencoder|training\.vae)\b/, ['vae', 'diffusion', 'segment', 'cell']],
  [/^(unet|diffusion|training\.diffusion)\b/, ['diffusion', 'segment', 'cell']],
  [/^discriminator\b/, ['segment', 'draem', 'cell']],
  [/^(sampling|training\.segment)\b/, ['segment', 'cell']],
  [/^draem\b/, ['draem']],
];

/** With a loss on scores, the windows that scores are read off with are learned from. */
const SCORE_LOSS_RULES: typeof RULES = [[/^scoring\.windows$/, ['segment', 'draem', 'cell']], ...RULES];

test.each([
  ['without', base, RULES],
  ['with', { ...base, scoring: { ...base.scoring, lossWeight: 0.03 } }, SCORE_LOSS_RULES],
])('every value of a configuration %s a loss on scores remakes exactly what depends on it', (_, config, rules) => {
  const before = keysOf(config);
  for (const [path] of leaves(config)) {
    if (path === 'method') continue;
    const after = keysOf(changed(config, path));
    const remade = Object.keys(before).filter((name) => before[name] !== after[name]);
    expect([path, remade.sort()]).toEqual([path, [...(rules.find(([rule]) => rule.test(path))?.[1] ?? ['?'])].sort()]);
  }
});

test('the five variants share one autoencoder and three UNets', () => {
  const variants = methodNames.filter((name) => name !== 'draem').map((name) => configOf(base, name));
  const distinct = (stage: StageName): number => new Set(variants.map((config) => partKey(stage, config, origin))).size;
  expect([distinct('vae'), distinct('diffusion'), distinct('segment')]).toEqual([1, 3, 5]);
});

test('noise that a condition does not get does not count', () => {
  const noisier = { ...base, diffusion: { ...base.diffusion, conditionNoiseMax: 7 } };
  for (const [variant, same] of [
    ['dir', true],
    ['c', true],
    ['full', false],
  ] as const) {
    const keys = [base, noisier].map((config) => partKey('diffusion', configOf(config, variant), origin));
    expect([variant, keys[0] === keys[1]]).toEqual([variant, same]);
  }
});

test('seed, pictures, textures, test pictures and the rule for masks count', () => {
  const draem = configOf(base, 'draem');
  const origins: Origin[] = [
    origin,
    { ...origin, seed: 1 },
    { ...origin, pictures: 'q' },
    { ...origin, textures: 'x' },
  ];
  for (const stage of STAGES) expect(new Set(origins.map((one) => partKey(stage, base, one))).size).toBe(4);
  for (const config of [base, draem]) {
    const setUps: TestSetUp[] = [setUp, { ...setUp, pictures: 'u' }, { ...setUp, maskMode: 'any' }];
    expect(new Set(setUps.map((one) => cellKey(config, origin, one))).size).toBe(3);
  }
});

test('the order in which values were written down does not count', () => {
  const shuffled = (value: unknown, order: number): unknown => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const entries = Object.entries(value).map(([key, inner]) => [key, shuffled(inner, order)] as const);
    return Object.fromEntries(order % 2 === 0 ? entries : entries.reverse());
  };
  fc.assert(
    fc.property(fc.nat(3), (order) => {
      expect(keysOf(shuffled(base, order) as DiffADConfig)).toEqual(keysOf(base));
    }),
    { seed: 1, numRuns: 4 },
  );
});
