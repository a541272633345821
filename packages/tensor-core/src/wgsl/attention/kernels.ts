import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { each, elementOf, load, place, type Source, staging, TOKENS } from './tokens.ts';

/** q [B, queries, heads·D], k and v [B, keys, heads·D]; one head of one token is D / 4 vectors; n counts the workgroups. */
const UNIFORMS = 'n: u32, queries: u32, keys: u32, heads: u32, scale: f32';

const dot = (a: string, b: string, vectors: number): string =>
  Array.from({ length: vectors }, (_, i) => `dot(${a}${i}, ${b}${i})`).join(' + ');

const arrays = (element: string, ...names: string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, element]));

/** One query per invocation, softmax over the keys as they come: running maximum and sum; keeps logsumexp for the gradient. */
export const attentionKernel = defineKernel((source: Source, vectors: number, dtype: DType) =>
  program({
    name: 'attention',
    uniforms: UNIFORMS,
    inputs: arrays(elementOf(source, dtype), 'q', 'k', 'v'),
    outputs: { y: `vec4<${dtype}>`, logsumexp: 'f32' },
    workgroupSize: TOKENS[source],
    declarations: staging(source, vectors, ['k', 'v']),
    body: `${place(source, vectors, 'queries')}
  ${load(source, vectors, 'q', ' * u.scale')}
  ${lines(vectors, (i) => `var y${i} = vec4(0.0);`)}
  var top = -3.4028234e38;
  var total = 0.0;
  ${each(
    source,
    vectors,
    'keys',
    ['k', 'v'],
    `let score = ${dot('q', 'k', vectors)};
      if (score > top) {
        let fade = exp(top - score);
        top = score;
        total *= fade;
        ${lines(vectors, (i) => `y${i} *= fade;`)}
      }
      let weight = exp(score - top);
      total += weight;
      ${lines(vectors, (i) => `y${i} += weight * v${i};`)}`,
  )}
  if (!inside) { return; }
  ${lines(vectors, (i) => `y[own + ${i}u] = vec4<${dtype}>(y${i} / total);`)}
  logsumexp[slot] = top + log(total);`,
  }),
);

/** dq of one query, and Σ g·y for the other kernel: ds = p · (g·v − Σ g·y), dq = scale · Σ ds · k. */
export const queryGradientKernel = defineKernel((source: Source, vectors: number, dtype: DType) =>
  program({
    name: 'attention.queryGradient',
    uniforms: UNIFORMS,
    inputs: { ...arrays(elementOf(source, dtype), 'q', 'k', 'v', 'y', 'g'), logsumexp: 'f32' },
    outputs: { dq: `vec4<${dtype}>`, share: 'f32' },
    workgroupSize: TOKENS[source],
    declarations: staging(source, vectors, ['k', 'v']),
    body: `${place(source, vectors, 'queries')}
  ${load(source, vectors, 'q', ' * u.scale')}
  ${load(source, vectors, 'g')}
  ${load(source, vectors, 'y')}
  ${lines(vectors, (i) => `var d${i} = vec4(0.0);`)}
  let mean = ${dot('g', 'y', vectors)};
  let normal = logsumexp[slot];
  ${each(
    source,
    vectors,
    'keys',
    ['k', 'v'],
    `let p = exp(${dot('q', 'k', vectors)} - normal);
      let ds = p * (${dot('g', 'v', vectors)} - mean);
      ${lines(vectors, (i) => `d${i} += ds * k${i};`)}`,
  )}
  if (!inside) { return; }
  ${lines(vectors, (i) => `dq[own + ${i}u] = vec4<${dtype}>(d${i} * u.scale);`)}
  share[slot] = mean;`,
  }),
);

/** dk and dv of one key: dv = Σ p · g, dk = scale · Σ ds · q, over the queries. */
export const keyGradientKernel = defineKernel((source: Source, vectors: number, dtype: DType) =>
  program({
    name: 'attention.keyGradient',
    uniforms: UNIFORMS,
    inputs: { ...arrays(elementOf(source, dtype), 'q', 'k', 'v', 'g'), logsumexp: 'f32', share: 'f32' },
    outputs: { dk: `vec4<${dtype}>`, dv: `vec4<${dtype}>` },
    workgroupSize: TOKENS[source],
    declarations: staging(source, vectors, ['q', 'g']),
    body: `${place(source, vectors, 'keys')}
  ${load(source, vectors, 'k', ' * u.scale')}
  ${load(source, vectors, 'v')}
  ${lines(vectors, (i) => `var dk${i} = vec4(0.0); var dv${i} = vec4(0.0);`)}
  ${each(
    source,
    vectors,
    'queries',
    ['q', 'g'],
    `let row = (picture * u.queries + t) * u.heads + head;
      let p = exp(${dot('q', 'k', vectors)} - logsumexp[row]);
      let ds = p * (${dot('g', 'v', vectors)} - share[row]);
      ${lines(vectors, (i) => `dv${i} += p * g${i}; dk${i} += ds * q${i};`)}`,
  )}
  if (!inside) { return; }
  ${lines(vectors, (i) => `dk[own + ${i}u] = vec4<${dtype}>(dk${i} * u.scale); dv[own + ${i}u] = vec4<${dtype}>(dv${i});`)}`,
  }),
);
