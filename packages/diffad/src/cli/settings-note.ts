import type { JudgeOptions } from '../inspect/judge.ts';
import type { Model } from '../model.ts';

/** What to say where a model judges otherwise than it did when its limit was chosen; null where it does not, or has none. */
export function settingsNote(
  { config, calibration }: Pick<Model, 'config' | 'calibration'>,
  options: JudgeOptions,
): string | null {
  if (calibration === null) return null;
  const { method, patch, sampling } = config;
  const others = options.tile && patch === null ? ['--tile'] : [];
  if (method === 'diffad')
    for (const name of ['steps', 'redrawings'] as const) {
      const given = options[name] ?? sampling[name];
      if (given !== sampling[name]) others.push(`--${name} ${given} (the model’s: ${sampling[name]})`);
    }
  if (others.length === 0) return null;
  return `the limit ${calibration.threshold.toFixed(3)} was chosen without ${others.join(', ')}; how many good parts exceed it is not known, --threshold sets another`;
}
