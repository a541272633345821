import type * as tfjs from '@tensorflow/tfjs-core';
import type { Peer } from '../peer.ts';
import { type Host, lookup, mapRecord, type Session, type Training, type Work } from '../work.ts';
import { registerGradients } from './tfjs-gradients.ts';
import { tfjsOps } from './tfjs-ops.ts';

type Tf = typeof tfjs;

/** tfjs with its WebGPU backend: pictures [B, H, W, C], every op run as it is called. */
export async function tfjsPeer(): Promise<Peer> {
  const tf = await import('@tensorflow/tfjs-core');
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  await registerGradients();
  if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs found no WebGPU adapter');
  const backend = tf.backend();
  if (!(backend instanceof WebGPUBackend)) throw new Error('tfjs runs another backend than WebGPU');
  return {
    name: 'tfjs',
    version: tf.version_core,
    gpu: backend.device,
    notes: [
      'no group norm, no SiLU, no attention, no batch norm gradient on WebGPU: composed of its ops',
      'no AdamW and no clipping by global norm: composed around its Adam; addN of many arrays makes an invalid kernel',
    ],
    prepare: (work) => session(tf, work),
  };
}

function session(tf: Tf, work: Work): Session {
  const upload = ({ shape, data }: Host): tfjs.Tensor => tf.tensor(data, [...shape]);
  const inputs = mapRecord(work.inputs, upload);
  const parameters = mapRecord(work.parameters, (host) => tf.tidy(() => tf.variable(upload(host))));
  const variables = Object.values(parameters);
  const compute = (): tfjs.Tensor => work.compute<tfjs.Tensor>(tfjsOps(tf), lookup<tfjs.Tensor>(parameters, inputs));
  const optimizer = work.training && adam(tf, work.training);
  const step = (): tfjs.Tensor[] => {
    if (work.kind === 'forward') return [tf.tidy(compute)];
    const { value, grads } = tf.variableGrads(() => tf.reshape<tfjs.Rank.R0>(compute(), []), variables);
    if (!optimizer) return [value, ...variables.map(({ name }) => grads[name] as tfjs.Tensor)];
    optimizer.step(variables, grads);
    return [value];
  };
  return {
    async run() {
      const results = step();
      const data = await Promise.all(results.map((result) => result.data() as Promise<Float32Array>));
      for (const result of results) result.dispose();
      return data;
    },
    ordered: (results) => [...results],
    dispose() {
      tf.dispose([...variables, ...Object.values(inputs)]);
      optimizer?.dispose();
    },
  };
}

/** Its Adam, with what it lacks composed of ops. */
function adam(tf: Tf, { learningRate, betas, weightDecay, clip }: Training) {
  const optimizer = tf.train.adam(learningRate, ...betas, 1e-8);
  return {
    step(variables: readonly tfjs.Variable[], grads: tfjs.NamedTensorMap): void {
      tf.tidy(() => {
        if (weightDecay !== 0) for (const w of variables) w.assign(tf.mul(w, 1 - learningRate * weightDecay));
        const applied = clip === null ? grads : clipped(tf, grads, clip);
        optimizer.applyGradients(Object.entries(applied).map(([name, tensor]) => ({ name, tensor })));
      });
      tf.dispose(grads);
    },
    dispose: () => optimizer.dispose(),
  };
}

function clipped(tf: Tf, grads: tfjs.NamedTensorMap, clip: number): tfjs.NamedTensorMap {
  // addN of more arrays than a kernel may bind makes an invalid one.
  const squares = Object.values(grads).map((grad): tfjs.Tensor => tf.sum(tf.square(grad)));
  const norm = tf.sqrt(squares.reduce((a, b) => tf.add(a, b)));
  const scale = tf.minimum(tf.div(clip, tf.add(norm, 1e-6)), 1);
  return Object.fromEntries(Object.entries(grads).map(([name, grad]) => [name, tf.mul(grad, scale)]));
}
