import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { SUBGROUP } from '../subgroup-tile.ts';

/**
 * Where an invocation, which holds one token, finds the vectors of all others: in storage; in workgroup memory, where blocks of
 * them are staged (GPU family); or in its subgroup of eight, whose invocations each load a part (on lavapipe a load costs some
 * thirty multiplications, a broadcast one).
 */
export type Source = 'storage' | 'workgroup' | 'subgroup';

/** Tokens of a workgroup, all of one head. */
export const TOKENS = { storage: 32, workgroup: 64, subgroup: SUBGROUP } as const;

/** WebGPU's least limit of workgroup memory, in bytes. */
const MEMORY = 16384;

/** Tokens staged at a time: as many vectors of two arrays as fit. */
export const blockOf = (vectors: number): number => Math.min(32, Math.floor(MEMORY / (2 * 16 * vectors)));

/** What a head of a token is read as: vectors, or numbers that a subgroup shares out. */
export const elementOf = (source: Source, dtype: DType): string => (source === 'subgroup' ? dtype : `vec4<${dtype}>`);

/** Declares head, picture and token of this invocation, whether it is `inside`, and `own`, where its vectors begin. */
export const place = (source: Source, vectors: number, tokens: string): string => `
  if (wg >= u.n) { return; }
  let blocks = (u.${tokens} + ${TOKENS[source] - 1}u) / ${TOKENS[source]}u;
  let wanted = wg % blocks * ${TOKENS[source]}u + lid;
  let inside = wanted < u.${tokens};
  let token = min(wanted, u.${tokens} - 1u);
  let head = wg / blocks % u.heads;
  let picture = wg / blocks / u.heads;
  let width = u.heads * ${vectors}u;
  let own = (picture * u.${tokens} + token) * width + head * ${vectors}u;
  let slot = (picture * u.${tokens} + token) * u.heads + head;`;

/** Declares the vectors of this invocation's own token as `name`0, `name`1, ... */
export const load = (source: Source, vectors: number, name: string, factor = ''): string =>
  lines(vectors, (i) => `let ${name}${i} = ${vector(source, `${name}[`, `own + ${i}u`)}${factor};`);

function vector(source: Source, array: string, at: string): string {
  if (source !== 'subgroup') return `vec4<f32>(${array}${at}])`;
  return `vec4(${[0, 1, 2, 3].map((lane) => `f32(${array}(${at}) * 4u + ${lane}u])`).join(', ')})`;
}

/** Where the arrays' blocks are staged. */
export const staging = (source: Source, vectors: number, arrays: readonly string[]): string =>
  source === 'workgroup'
    ? arrays.map((name) => `var<workgroup> ${name}Block: array<vec4<f32>, ${blockOf(vectors) * vectors}>;`).join('\n')
    : '';

/** Visits every one of `tokens` in turn as `t`, with its vectors of each array declared as `name`0, `name`1, ... */
export function each(
  source: Source,
  vectors: number,
  tokens: string,
  arrays: readonly string[],
  visit: string,
): string {
  const at = (token: string): string => `(picture * u.${tokens} + ${token}) * width + head * ${vectors}u`;
  const declare = (from: (name: string) => string): string => arrays.map(from).join('\n      ');
  if (source === 'workgroup')
    return `
  for (var first = 0u; first < u.${tokens}; first += ${blockOf(vectors)}u) {
    let count = min(${blockOf(vectors)}u, u.${tokens} - first);
    workgroupBarrier();
    for (var i = lid; i < count * ${vectors}u; i += ${TOKENS.workgroup}u) {
      let at = ${at(`first + i / ${vectors}u`)} + i % ${vectors}u;
      ${declare((name) => `${name}Block[i] = vec4<f32>(${name}[at]);`)}
    }
    workgroupBarrier();
    for (var i = 0u; i < count; i++) {
      let t = first + i;
      ${declare((name) => lines(vectors, (v) => `let ${name}${v} = ${name}Block[i * ${vectors}u + ${v}u];`))}
      ${visit}
    }
  }`;
  const shared = (name: string): string =>
    `${lines(Math.ceil(vectors / 2), (n) => `let ${name}Part${n} = f32(${name}[at * 4u + ${SUBGROUP * n}u + ${lane(vectors, n)}]);`)}
      ${lines(vectors, (v) => `let ${name}${v} = vec4(${[0, 1, 2, 3].map((i) => `subgroupBroadcast(${name}Part${v >> 1}, ${4 * (v & 1) + i}u)`).join(', ')});`)}`;
  const straight = (name: string): string => lines(vectors, (v) => `let ${name}${v} = vec4<f32>(${name}[at + ${v}u]);`);
  return `
  for (var t = 0u; t < u.${tokens}; t++) {
      let at = ${at('t')};
      ${declare(source === 'subgroup' ? shared : straight)}
      ${visit}
  }`;
}

/** Which number of its eight an invocation loads; the last eight may be four. */
const lane = (vectors: number, n: number): string => (2 * n + 1 < vectors ? 'lid' : `lid % 4u`);
