import type { Dataset, LayoutName } from './dataset.ts';
import { tally } from './tally.ts';

/** What decoding a file told. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly bitDepth: 8 | 16;
  /** Hash of size and pixels, whatever the file format. */
  readonly hash: string;
}

/** The facts of one file, or one line that says why there are none. */
export type Facts = PictureFacts | { readonly error: string };

export interface MaskFacts {
  readonly width: number;
  readonly height: number;
  readonly defectivePixels: number;
}

/** What decoding every file told, by path. */
export interface Findings {
  readonly pictures: ReadonlyMap<string, Facts>;
  readonly masks: ReadonlyMap<string, MaskFacts | { readonly error: string }>;
}

/** `error`: training or evaluation would fail or be wrong. `warning`: worth a look. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly path: string;
  readonly message: string;
}

/** The answer of `diffad data check`. */
export interface DataReport {
  readonly root: string;
  readonly layout: LayoutName;
  readonly counts: { readonly train: number; readonly test: number; readonly masks: number; readonly unused: number };
  /** Test pictures of each kind, `good` among them. */
  readonly kinds: Readonly<Record<string, number>>;
  /** The most frequent first. */
  readonly sizes: readonly { readonly width: number; readonly height: number; readonly pictures: number }[];
  readonly encodings: readonly {
    readonly bitDepth: 8 | 16;
    readonly channels: number;
    readonly pictures: number;
  }[];
  readonly notes: readonly string[];
  readonly problems: readonly Problem[];
}

/** Counts what a data set holds; `problems` are found elsewhere. */
export function summarise(
  root: string,
  dataset: Dataset,
  { pictures }: Findings,
  problems: readonly Problem[],
): DataReport {
  const facts = [...pictures.values()].filter((fact) => 'hash' in fact);
  return {
    root,
    layout: dataset.layout,
    counts: {
      train: dataset.train.length,
      test: dataset.test.length,
      masks: dataset.test.filter(({ mask }) => mask !== null).length,
      unused: dataset.unused.length,
    },
    kinds: tally(dataset.test.map(({ kind }) => kind)),
    sizes: grouped(facts, ({ width, height }) => ({ width, height })),
    encodings: grouped(facts, ({ bitDepth, channels }) => ({ bitDepth, channels })),
    notes: dataset.notes,
    problems,
  };
}

/** How many pictures share each value of `of`, the most frequent first. */
function grouped<T extends object>(
  facts: readonly PictureFacts[],
  of: (fact: PictureFacts) => T,
): (T & { pictures: number })[] {
  const groups = new Map<string, T & { pictures: number }>();
  for (const fact of facts) {
    const value = of(fact);
    const key = JSON.stringify(value);
    groups.set(key, { ...value, pictures: (groups.get(key)?.pictures ?? 0) + 1 });
  }
  return [...groups.values()].sort((a, b) => b.pictures - a.pictures);
}
