import { dispatch } from './dispatch.ts';
import type { DType } from './dtype.ts';
import { NaNError } from './errors.ts';
import { currentPath } from './path.ts';
import { type Handle, scope, withMade } from './scope.ts';
import { format, type Shape } from './shape.ts';
import { Tensor } from './tensor.ts';
import { defineKernel, program } from './wgsl/program.ts';

const LANES = 64;

/** Per lane: how many elements are NaN or infinite, and the least and greatest of the others. */
const kernel = defineKernel((dtype: DType) =>
  program({
    name: 'nanGuard',
    uniforms: 'n: u32',
    inputs: { x: dtype },
    outputs: { statistics: 'f32' },
    workgroupSize: LANES,
    body: `
  var bad = 0.0;
  var least = 3.4028234e38;
  var greatest = -3.4028234e38;
  for (var i = lid; i < u.n; i += ${LANES}u) {
    let value = f32(x[i]);
    if ((bitcast<u32>(value) & 0x7f800000u) == 0x7f800000u) { bad += 1.0; continue; }
    least = min(least, value);
    greatest = max(greatest, value);
  }
  statistics[3u * lid] = bad;
  statistics[3u * lid + 1u] = least;
  statistics[3u * lid + 2u] = greatest;`,
  }),
);

interface Operand {
  readonly shape: Shape;
  readonly statistics: Tensor;
}

interface Finding {
  readonly op: string;
  readonly path: string;
  readonly inputs: readonly Operand[];
  readonly output: Operand;
}

let findings: Finding[] | undefined;

/** Called at the end of every op; costs nothing while no guard runs. */
export function guardNaN(op: string, inputs: readonly Tensor[], output: Tensor): void {
  findings?.push({ op, path: currentPath(), inputs: inputs.map(measure), output: measure(output) });
}

/** Called with every gradient a rule gives: its inputs are the upstream gradient and what the op saved. */
export function guardGradient(
  op: string,
  upstream: Tensor,
  saved: Readonly<Record<string, Tensor>>,
  gradient: Tensor,
): void {
  if (findings) guardNaN(`${op} gradient`, [upstream, ...Object.values(saved)], gradient);
}

function measure(x: Tensor): Operand {
  return scope(() => {
    const statistics = Tensor.empty([LANES, 3], 'f32', x.device);
    dispatch(kernel(x.dtype), [x], [statistics], { uniforms: [x.size], workgroups: 1 });
    return { shape: x.shape, statistics: Tensor.alias(statistics) };
  });
}

/**
 * Runs `fn` and checks the output of every op in it, gradients included, for NaN and infinity.
 * Throws NaNError naming the first such op (`sqrt gradient`: its inputs are the upstream gradient and what the op saved), its layer
 * path and the range of each input, and disposes the tensors `fn` made to return. Slow: for finding a fault.
 */
export async function withNaNGuard<T>(fn: () => T): Promise<T> {
  if (findings) throw new TypeError('withNaNGuard: already running');
  const seen: Finding[] = [];
  let returned: readonly Handle[] = [];
  findings = seen;
  try {
    const { result, made } = withMade(fn);
    returned = made;
    if (result instanceof Promise)
      throw new TypeError('withNaNGuard: fn returned a promise; guard the synchronous part');
    findings = undefined;
    for (const finding of seen) await check(finding);
    return result;
  } catch (error) {
    for (const handle of returned) handle.dispose();
    throw error;
  } finally {
    findings = undefined;
    for (const { inputs, output } of seen) for (const { statistics } of [...inputs, output]) statistics.dispose();
  }
}

async function check({ op, path, inputs, output }: Finding): Promise<void> {
  const result = await summarise(output);
  if (result.bad === 0) return;
  const ranges = await Promise.all(inputs.map(async (input, i) => `input ${i} ${(await summarise(input)).text}`));
  throw new NaNError(`${path ? `${path}: ` : ''}${op}: output ${result.text}; ${ranges.join(', ') || 'no inputs'}`);
}

async function summarise({ shape, statistics }: Operand): Promise<{ bad: number; text: string }> {
  const lanes = await statistics.read();
  let bad = 0;
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < lanes.length; i += 3) {
    bad += lanes[i] as number;
    least = Math.min(least, lanes[i + 1] as number);
    greatest = Math.max(greatest, lanes[i + 2] as number);
  }
  const range = least <= greatest ? ` in [${least.toPrecision(4)}, ${greatest.toPrecision(4)}]` : '';
  return { bad, text: `${format(shape)}${range}${bad ? ` with ${bad} NaN or infinite` : ''}` };
}
