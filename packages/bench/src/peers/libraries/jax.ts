import type { Array as JaxArray } from '@jax-js/jax';
import type { Peer } from '../peer.ts';
import { type Host, lookup, mapRecord, type Role, type Session, type Training, type Work } from '../work.ts';
import { jaxOps } from './jax-ops.ts';
import { move, orders } from './order.ts';

type Jax = typeof import('@jax-js/jax');
type Tree = Record<string, JaxArray>;

const VERSION = '0.1.25';

/** jax-js: pictures [B, C, H, W], everything compiled by `jit`. */
export async function jaxPeer(): Promise<Peer> {
  const jax = await import('@jax-js/jax');
  const found = await jax.init('webgpu');
  if (!found.includes('webgpu')) throw new Error('jax-js found no WebGPU adapter');
  jax.defaultDevice('webgpu');
  return {
    name: 'jax-js',
    version: VERSION,
    gpu: jax.getWebGPUDevice(),
    notes: [
      'no optimiser (optax is not on npm), no image resize, no batch norm, no group norm: composed, compiled by jit',
      'convolutions take pictures [B, C, H, W] only; dotProductAttention needs Node 22: composed of matmul and softmax',
    ],
    prepare: (work) => session(jax, work),
  };
}

function session(jax: Jax, work: Work): Session {
  const upload = ({ role, shape, data }: Host): JaxArray => {
    const moved = move(data, shape, orders[role]);
    return jax.numpy.array(moved.data, { shape: [...moved.shape], dtype: jax.numpy.float32 });
  };
  const inputs = mapRecord(work.inputs, upload);
  const parameters = mapRecord(work.parameters, upload);
  const compute: Compute = (p, x) => work.compute(jaxOps(jax), lookup(p, x));
  const run = { forward, gradients, train }[work.kind](jax, compute, parameters, inputs, work.training);
  return {
    run: async () => Promise.all((await run.step()).map(async (array) => (await array.data()) as Float32Array)),
    ordered: (results) => results.map((data, i) => back(data, resultAt(work, i))),
    dispose: () => {
      run.dispose();
      jax.tree.dispose(inputs);
    },
  };
}

interface Run {
  readonly step: () => JaxArray[] | Promise<JaxArray[]>;
  readonly dispose: () => void;
}

type Compute = (parameters: Tree, inputs: Tree) => JaxArray;

function forward(jax: Jax, compute: Compute, parameters: Tree, inputs: Tree): Run {
  const compiled = jax.jit(compute);
  return {
    step: () => [compiled(jax.tree.ref(parameters), jax.tree.ref(inputs))],
    dispose: () => {
      compiled.dispose();
      jax.tree.dispose(parameters);
    },
  };
}

function gradients(jax: Jax, compute: Compute, parameters: Tree, inputs: Tree): Run {
  const compiled = jax.jit(jax.valueAndGrad(compute));
  return {
    step: () => {
      const [value, grads] = compiled(jax.tree.ref(parameters), jax.tree.ref(inputs)) as [JaxArray, Tree];
      return [value, ...Object.keys(parameters).map((name) => grads[name] as JaxArray)];
    },
    dispose: () => {
      compiled.dispose();
      jax.tree.dispose(parameters);
    },
  };
}

/** One compiled function from parameters and moments to the next ones; what it is given it uses up. */
function train(jax: Jax, compute: Compute, first: Tree, inputs: Tree, training?: Training): Run {
  if (!training) throw new TypeError('training work needs training options');
  const np = jax.numpy;
  const zeros = (): Tree =>
    Object.fromEntries(Object.entries(first).map(([name, { shape }]) => [name, np.zeros(shape)]));
  let state: { p: Tree; m: Tree; v: Tree } = { p: first, m: zeros(), v: zeros() };
  const { betas, learningRate, weightDecay, clip } = training;
  const [beta1, beta2] = betas;
  const step = ({ p, m, v }: typeof state, corrections: JaxArray[], x: Tree) => {
    const [value, grads] = jax.valueAndGrad(compute)(jax.tree.ref(p), x) as [JaxArray, Tree];
    const [c1, c2] = corrections as [JaxArray, JaxArray];
    const scale = clip === null ? null : clipScale(jax, grads, clip);
    const next: typeof state = { p: {}, m: {}, v: {} };
    for (const [name, w] of Object.entries(p)) {
      const raw = grads[name] as JaxArray;
      const g = scale ? raw.mul(scale.ref) : raw;
      const moment = (m[name] as JaxArray).mul(beta1).add(g.ref.mul(1 - beta1));
      const square = (v[name] as JaxArray).mul(beta2).add(g.ref.mul(g).mul(1 - beta2));
      const change = moment.ref.div(c1.ref).div(np.sqrt(square.ref.div(c2.ref)).add(1e-8));
      next.p[name] = w.mul(1 - learningRate * weightDecay).sub(change.mul(learningRate));
      next.m[name] = moment;
      next.v[name] = square;
    }
    return { value, next };
  };
  const compiled = jax.jit(step);
  let steps = 0;
  return {
    step: () => {
      steps++;
      const corrections = betas.map((beta) => np.array([1 - beta ** steps]));
      const done = compiled(state, corrections, jax.tree.ref(inputs));
      state = done.next;
      return [done.value];
    },
    dispose: () => {
      compiled.dispose();
      jax.tree.dispose(state);
    },
  };
}

function clipScale({ numpy: np }: Jax, grads: Tree, clip: number): JaxArray {
  const total = Object.values(grads)
    .map((grad) => np.sum(np.square(grad.ref)))
    .reduce((a, b) => a.add(b));
  return np.minimum(np.array(clip).div(np.sqrt(total).add(1e-6)), 1);
}

/** What the i-th result of a work is. */
function resultAt({ kind, result, parameters }: Work, i: number): { role: Role; shape: readonly number[] } {
  if (kind === 'forward') return result;
  return i === 0 ? { role: 'plain', shape: [] } : (Object.values(parameters)[i - 1] as Host);
}

function back(data: Float32Array, { role, shape }: { role: Role; shape: readonly number[] }): Float32Array {
  const order = orders[role];
  if (!order) return data;
  const there = order.map((axis) => shape[axis] as number);
  return move(
    data,
    there,
    order.map((_, axis) => order.indexOf(axis)),
  ).data;
}
