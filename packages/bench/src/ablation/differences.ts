import { type DiffADConfig, presets } from '@diffad/diffad';
import type { Section } from '../page/section.ts';

type Leaf = readonly [path: string, value: string];

/** Every value of a configuration by its path. */
export function leaves(value: unknown, path = ''): Leaf[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

/** What the ablation itself varies. */
const VARIED = ['preset', 'method', 'diffusion.condition', 'sampling.start', 'sampling.interpolation'];

/** Where a configuration departs from the paper's: why figures differ beside data and seeds. */
export function differences(config: DiffADConfig): Section {
  const paper = new Map(leaves(presets.paper));
  const rows = leaves(config).flatMap(([path, ours]) => {
    const theirs = paper.get(path) ?? '-';
    return theirs === ours || VARIED.includes(path) ? [] : [[path, theirs, ours]];
  });
  return {
    title: 'Where these runs depart from the paper’s',
    note: 'Beside the pictures: the paper’s are the 15 classes of MVTec-AD.',
    headers: ['value', 'paper', 'here'],
    rows,
  };
}
