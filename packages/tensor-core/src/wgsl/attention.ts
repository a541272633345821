import type { DType } from '../dtype.ts';
import { defineKernel, program } from './program.ts';

/** q [B, queries, heads·D], k and v [B, keys, heads·D]; one head of one token is D / 4 vectors. */
const UNIFORMS = 'n: u32, queries: u32, keys: u32, heads: u32, scale: f32';

const repeat = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n    ');
const dot = (a: string, b: string, vectors: number): string =>
  Array.from({ length: vectors }, (_, i) => `dot(${a}${i}, ${b}${i})`).join(' + ');

/** Declares head, token and picture of this invocation and `own`, where its vectors begin among `tokens` tokens. */
const place = (vectors: number, tokens: string): string => `
  if (gid >= u.n) { return; }
  let head = gid % u.heads;
  let token = gid / u.heads % u.${tokens};
  let picture = gid / u.heads / u.${tokens};
  let width = u.heads * ${vectors}u;
  let own = (picture * u.${tokens} + token) * width + head * ${vectors}u;`;

/** Declares `at`, the vectors of token `t` of this head, among `tokens`. */
const other = (vectors: number, tokens: string): string =>
  `let at = (picture * u.${tokens} + t) * width + head * ${vectors}u;`;

/** One query per invocation, softmax over the keys as they come: running maximum and sum; keeps logsumexp for the gradient. */
export const attentionKernel = defineKernel((vectors: number, dtype: DType) =>
  program({
    name: 'attention',
    uniforms: UNIFORMS,
    inputs: { q: `vec4<${dtype}>`, k: `vec4<${dtype}>`, v: `vec4<${dtype}>` },
    outputs: { y: `vec4<${dtype}>`, logsumexp: 'f32' },
    workgroupSize: 32,
    body: `${place(vectors, 'queries')}
  ${repeat(vectors, (i) => `let q${i} = vec4<f32>(q[own + ${i}u]) * u.scale; var y${i} = vec4(0.0);`)}
  var top = -3.4028234e38;
  var total = 0.0;
  for (var t = 0u; t < u.keys; t++) {
    ${other(vectors, 'keys')}
    ${repeat(vectors, (i) => `let k${i} = vec4<f32>(k[at + ${i}u]);`)}
    let score = ${dot('q', 'k', vectors)};
    let next = max(top, score);
    let fade = exp(top - next);
    let weight = exp(score - next);
    total = total * fade + weight;
    ${repeat(vectors, (i) => `y${i} = y${i} * fade + weight * vec4<f32>(v[at + ${i}u]);`)}
    top = next;
  }
  ${repeat(vectors, (i) => `y[own + ${i}u] = vec4<${dtype}>(y${i} / total);`)}
  logsumexp[gid] = top + log(total);`,
  }),
);

/** dq of one query, and Σ g·y for the other kernel: ds = p · (g·v − Σ g·y), dq = scale · Σ ds · k. */
export const queryGradientKernel = defineKernel((vectors: number, dtype: DType) =>
  program({
    name: 'attention.queryGradient',
    uniforms: UNIFORMS,
    inputs: {
      q: `vec4<${dtype}>`,
      k: `vec4<${dtype}>`,
      v: `vec4<${dtype}>`,
      y: `vec4<${dtype}>`,
      g: `vec4<${dtype}>`,
      logsumexp: 'f32',
    },
    outputs: { dq: `vec4<${dtype}>`, share: 'f32' },
    workgroupSize: 32,
    body: `${place(vectors, 'queries')}
  ${repeat(vectors, (i) => `let q${i} = vec4<f32>(q[own + ${i}u]) * u.scale; let g${i} = vec4<f32>(g[own + ${i}u]); let y${i} = vec4<f32>(y[own + ${i}u]); var d${i} = vec4(0.0);`)}
  let mean = ${dot('g', 'y', vectors)};
  for (var t = 0u; t < u.keys; t++) {
    ${other(vectors, 'keys')}
    ${repeat(vectors, (i) => `let k${i} = vec4<f32>(k[at + ${i}u]); let v${i} = vec4<f32>(v[at + ${i}u]);`)}
    let p = exp(${dot('q', 'k', vectors)} - logsumexp[gid]);
    let ds = p * (${dot('g', 'v', vectors)} - mean);
    ${repeat(vectors, (i) => `d${i} += ds * k${i};`)}
  }
  ${repeat(vectors, (i) => `dq[own + ${i}u] = vec4<${dtype}>(d${i} * u.scale);`)}
  share[gid] = mean;`,
  }),
);

/** dk and dv of one key: dv = Σ p · g, dk = scale · Σ ds · q, over the queries. */
export const keyGradientKernel = defineKernel((vectors: number, dtype: DType) =>
  program({
    name: 'attention.keyGradient',
    uniforms: UNIFORMS,
    inputs: {
      q: `vec4<${dtype}>`,
      k: `vec4<${dtype}>`,
      v: `vec4<${dtype}>`,
      g: `vec4<${dtype}>`,
      logsumexp: 'f32',
      share: 'f32',
    },
    outputs: { dk: `vec4<${dtype}>`, dv: `vec4<${dtype}>` },
    workgroupSize: 32,
    body: `${place(vectors, 'keys')}
  ${repeat(vectors, (i) => `let k${i} = vec4<f32>(k[own + ${i}u]) * u.scale; let v${i} = vec4<f32>(v[own + ${i}u]); var dk${i} = vec4(0.0); var dv${i} = vec4(0.0);`)}
  for (var t = 0u; t < u.queries; t++) {
    ${other(vectors, 'queries')}
    let row = (picture * u.queries + t) * u.heads + head;
    ${repeat(vectors, (i) => `let q${i} = vec4<f32>(q[at + ${i}u]); let g${i} = vec4<f32>(g[at + ${i}u]);`)}
    let p = exp(${dot('q', 'k', vectors)} - logsumexp[row]);
    let ds = p * (${dot('g', 'v', vectors)} - share[row]);
    ${repeat(vectors, (i) => `dv${i} += p * g${i}; dk${i} += ds * q${i};`)}
  }
  ${repeat(vectors, (i) => `dk[own + ${i}u] = vec4<${dtype}>(dk${i} * u.scale); dv[own + ${i}u] = vec4<${dtype}>(dv${i});`)}`,
  }),
);
