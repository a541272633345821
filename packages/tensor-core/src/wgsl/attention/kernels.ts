import type { DType } from '../../dtype.ts';
import { lines } from '../lines.ts';
import { defineKernel, program } from '../program.ts';
import { each, elementOf, held, invocationsOf, load, place, type Source, staging } from './tokens.ts';

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
    workgroupSize: invocationsOf(source),
    declarations: staging(source, vectors, ['k', 'v']),
    body: `${place(source, vectors, 'queries')}
  ${held(
    source,
    (n) => `${load(source, vectors, 'q', n, ' * u.scale')}
  ${lines(vectors, (i) => `var y${n}_${i} = vec4(0.0);`)}
  var top${n} = -3.4028234e38;
  var total${n} = 0.0;`,
  )}
  ${each(
    source,
    vectors,
    'keys',
    ['k', 'v'],
    (n) => `let score${n} = ${dot(`q${n}_`, 'k', vectors)};
      if (score${n} > top${n}) {
        let fade = exp(top${n} - score${n});
        top${n} = score${n};
        total${n} *= fade;
        ${lines(vectors, (i) => `y${n}_${i} *= fade;`)}
      }
      let weight${n} = exp(score${n} - top${n});
      total${n} += weight${n};
      ${lines(vectors, (i) => `y${n}_${i} += weight${n} * v${i};`)}`,
  )}
  ${held(
    source,
    (n) => `if (inside${n}) {
    ${lines(vectors, (i) => `y[own${n} + ${i}u] = vec4<${dtype}>(y${n}_${i} / total${n});`)}
    logsumexp[slot${n}] = top${n} + log(total${n});
  }`,
  )}`,
  }),
);

/** dq of one query, and Σ g·y for the other kernel: ds = p · (g·v − Σ g·y), dq = scale · Σ ds · k. */
export const queryGradientKernel = defineKernel((source: Source, vectors: number, dtype: DType) =>
  program({
    name: 'attention.queryGradient',
    uniforms: UNIFORMS,
    inputs: { ...arrays(elementOf(source, dtype), 'q', 'k', 'v', 'y', 'g'), logsumexp: 'f32' },
    outputs: { dq: `vec4<${dtype}>`, share: 'f32' },
    workgroupSize: invocationsOf(source),
    declarations: staging(source, vectors, ['k', 'v']),
    body: `${place(source, vectors, 'queries')}
  ${held(
    source,
    (n) => `${load(source, vectors, 'q', n, ' * u.scale')}
  ${load(source, vectors, 'g', n)}
  ${load(source, vectors, 'y', n)}
  ${lines(vectors, (i) => `var d${n}_${i} = vec4(0.0);`)}
  let mean${n} = ${dot(`g${n}_`, `y${n}_`, vectors)};
  let normal${n} = logsumexp[slot${n}];`,
  )}
  ${each(
    source,
    vectors,
    'keys',
    ['k', 'v'],
    (n) => `let p${n} = exp(${dot(`q${n}_`, 'k', vectors)} - normal${n});
      let ds${n} = p${n} * (${dot(`g${n}_`, 'v', vectors)} - mean${n});
      ${lines(vectors, (i) => `d${n}_${i} += ds${n} * k${i};`)}`,
  )}
  ${held(
    source,
    (n) => `if (inside${n}) {
    ${lines(vectors, (i) => `dq[own${n} + ${i}u] = vec4<${dtype}>(d${n}_${i} * u.scale);`)}
    share[slot${n}] = mean${n};
  }`,
  )}`,
  }),
);

/** dk and dv of one key: dv = Σ p · g, dk = scale · Σ ds · q, over the queries. */
export const keyGradientKernel = defineKernel((source: Source, vectors: number, dtype: DType) =>
  program({
    name: 'attention.keyGradient',
    uniforms: UNIFORMS,
    inputs: { ...arrays(elementOf(source, dtype), 'q', 'k', 'v', 'g'), logsumexp: 'f32', share: 'f32' },
    outputs: { dk: `vec4<${dtype}>`, dv: `vec4<${dtype}>` },
    workgroupSize: invocationsOf(source),
    declarations: staging(source, vectors, ['q', 'g']),
    body: `${place(source, vectors, 'keys')}
  ${held(
    source,
    (n) => `${load(source, vectors, 'k', n, ' * u.scale')}
  ${load(source, vectors, 'v', n)}
  ${lines(vectors, (i) => `var dk${n}_${i} = vec4(0.0); var dv${n}_${i} = vec4(0.0);`)}`,
  )}
  ${each(
    source,
    vectors,
    'queries',
    ['q', 'g'],
    (n) => `let p${n} = exp(${dot('q', `k${n}_`, vectors)} - logsumexp[row]);
      let ds${n} = p${n} * (${dot('g', `v${n}_`, vectors)} - share[row]);
      ${lines(vectors, (i) => `dv${n}_${i} += p${n} * g${i}; dk${n}_${i} += ds${n} * q${i};`)}`,
  )}
  ${held(
    source,
    (n) => `if (inside${n}) {
    ${lines(vectors, (i) => `dk[own${n} + ${i}u] = vec4<${dtype}>(dk${n}_${i} * u.scale); dv[own${n} + ${i}u] = vec4<${dtype}>(dv${n}_${i});`)}
  }`,
  )}`,
  }),
);
