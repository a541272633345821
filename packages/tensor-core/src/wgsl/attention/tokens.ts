import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { SUBGROUP } from '../subgroup-tile.ts';

/**
 * Where an invocation, which holds one token, finds the vectors of all others: in storage; in workgroup memory, where blocks of
 * them are staged (GPU family); or in its subgroup of eight, whose invocations each load a part (on lavapipe a load costs some
 * thirty multiplications, a broadcast one).
 */
export type Source = 'storage' | 'workgroup' | 'subgroup';

/** Invocations of a workgroup, all of one head, and the tokens each holds: two share what a subgroup has loaded. */
const INVOCATIONS = { storage: 32, workgroup: 64, subgroup: SUBGROUP } as const;
export const HELD = { storage: 1, workgroup: 1, subgroup: 2 } as const;

export const invocationsOf = (source: Source): number => INVOCATIONS[source];
export const tokensOf = (source: Source): number => INVOCATIONS[source] * HELD[source];

/** WebGPU's least limit of workgroup memory, in bytes. */
const MEMORY = 16384;

/** Tokens staged at a time: as many vectors of two arrays as fit. */
export const blockOf = (vectors: number): number => Math.min(32, Math.floor(MEMORY / (2 * 16 * vectors)));

/** What a head of a token is read as: vectors, or numbers that a subgroup shares out. */
export const elementOf = (source: Source, dtype: DType): string => (source === 'subgroup' ? dtype : `vec4<${dtype}>`);

/** Declares head and picture, and for every token held: whether it is `inside`, where its vectors begin (`own`) and its place among rows (`slot`). */
export const place = (source: Source, vectors: number, tokens: string): string => `
  if (wg >= u.n) { return; }
  let blocks = (u.${tokens} + ${tokensOf(source) - 1}u) / ${tokensOf(source)}u;
  let head = wg / blocks % u.heads;
  let picture = wg / blocks / u.heads;
  ${held(
    source,
    (n) => `let wanted${n} = wg % blocks * ${tokensOf(source)}u + ${INVOCATIONS[source] * n}u + lid;
  let inside${n} = wanted${n} < u.${tokens};
  let slot${n} = (picture * u.${tokens} + min(wanted${n}, u.${tokens} - 1u)) * u.heads + head;
  let own${n} = slot${n} * ${vectors}u;`,
  )}`;

/** A text for every token an invocation holds. */
export const held = (source: Source, text: (n: number) => string): string => lines(HELD[source], text);

/** Declares the vectors of token `n` of this invocation as `name`n_0, `name`n_1, ... */
export const load = (source: Source, vectors: number, name: string, n: number, factor = ''): string =>
  lines(vectors, (i) => `let ${name}${n}_${i} = ${vector(source, `${name}[`, `own${n} + ${i}u`)}${factor};`);

function vector(source: Source, array: string, at: string): string {
  if (source !== 'subgroup') return `vec4<f32>(${array}${at}])`;
  return `vec4(${[0, 1, 2, 3].map((lane) => `f32(${array}(${at}) * 4u + ${lane}u])`).join(', ')})`;
}

/** Where the arrays' blocks are staged. */
export const staging = (source: Source, vectors: number, arrays: readonly string[]): string =>
  source === 'workgroup'
    ? arrays.map((name) => `var<workgroup> ${name}Block: array<vec4<f32>, ${blockOf(vectors) * vectors}>;`).join('\n')
    : '';

/** Visits every one of `tokens` in turn, its row being `row`, with its vectors of each array declared as `name`0, `name`1, ... */
export function each(
  source: Source,
  vectors: number,
  tokens: string,
  arrays: readonly string[],
  visit: (n: number) => string,
): string {
  const rowOf = (token: string): string => `(picture * u.${tokens} + ${token}) * u.heads + head`;
  const declare = (from: (name: string) => string): string => arrays.map(from).join('\n      ');
  if (source === 'workgroup')
    return `
  for (var first = 0u; first < u.${tokens}; first += ${blockOf(vectors)}u) {
    let count = min(${blockOf(vectors)}u, u.${tokens} - first);
    workgroupBarrier();
    for (var i = lid; i < count * ${vectors}u; i += ${INVOCATIONS.workgroup}u) {
      let at = (${rowOf(`first + i / ${vectors}u`)}) * ${vectors}u + i % ${vectors}u;
      ${declare((name) => `${name}Block[i] = vec4<f32>(${name}[at]);`)}
    }
    workgroupBarrier();
    for (var i = 0u; i < count; i++) {
      let row = ${rowOf('first + i')};
      ${declare((name) => lines(vectors, (v) => `let ${name}${v} = ${name}Block[i * ${vectors}u + ${v}u];`))}
      ${held(source, visit)}
    }
  }`;
  const shared = (name: string): string =>
    `${lines(Math.ceil(vectors / 2), (n) => `let ${name}Part${n} = f32(${name}[at * 4u + ${SUBGROUP * n}u + ${lane(vectors, n)}]);`)}
      ${lines(vectors, (v) => `let ${name}${v} = vec4(${[0, 1, 2, 3].map((i) => `subgroupBroadcast(${name}Part${v >> 1}, ${4 * (v & 1) + i}u)`).join(', ')});`)}`;
  const straight = (name: string): string => lines(vectors, (v) => `let ${name}${v} = vec4<f32>(${name}[at + ${v}u]);`);
  return `
  for (var t = 0u; t < u.${tokens}; t++) {
      let row = ${rowOf('t')};
      let at = row * ${vectors}u;
      ${declare(source === 'subgroup' ? shared : straight)}
      ${held(source, visit)}
  }`;
}

/** Which number of its eight an invocation loads; the last eight may be four. */
const lane = (vectors: number, n: number): string => (2 * n + 1 < vectors ? 'lid' : `lid % 4u`);
