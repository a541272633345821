import { Adam, AdamW, clipGradNorm, type Optimizer } from '@diffad/nn';
import { type Device, scope, type Tensor, tensor, valueAndGrad, withDevice } from '@diffad/tensor-core';
import type { Peer } from '../peer.ts';
import { type Host, lookup, mapRecord, type Own, type Session, type Training, type Work } from '../work.ts';
import { diffadOps } from './diffad-ops.ts';

const VERSION = '0.1.0';

/** Ours: our own networks where the work is one of theirs. */
export const diffadPeer = (device: Device): Peer => ({
  name: 'diffad',
  version: VERSION,
  gpu: device.gpu,
  notes: [],
  prepare: (work) => withDevice(device, () => session(device, work)),
});

function session(device: Device, work: Work): Session {
  const { parameters, compute, dispose } = work.own?.() ?? inOps(work);
  const optimizer = work.training && optimizerOf(work.training, parameters);
  return {
    run: () => read(withDevice(device, () => scope(() => step(work, compute, parameters, optimizer)))),
    ordered: (results) => [...results],
    dispose() {
      optimizer?.dispose();
      dispose();
    },
  };
}

/** Work that is not one of our networks', in our ops. */
function inOps({ inputs, parameters, compute }: Work): Own {
  const upload = ({ data, shape }: Host): Tensor => tensor(data, shape);
  const own = { inputs: mapRecord(inputs, upload), parameters: mapRecord(parameters, upload) };
  return {
    parameters: own.parameters,
    compute: () => compute(diffadOps, lookup(own.parameters, own.inputs)),
    dispose() {
      for (const owned of [...Object.values(own.inputs), ...Object.values(own.parameters)]) owned.dispose();
    },
  };
}

function step(
  { kind, training }: Work,
  compute: () => Tensor,
  parameters: Readonly<Record<string, Tensor>>,
  optimizer?: Optimizer,
): Tensor[] {
  if (kind === 'forward') return [compute()];
  const { value, grads } = valueAndGrad(parameters, compute);
  if (!training || !optimizer) return [value, ...Object.values(grads)];
  optimizer.step(training.clip === null ? grads : clipGradNorm(grads, training.clip));
  return [value];
}

const optimizerOf = (options: Training, parameters: Readonly<Record<string, Tensor>>): Optimizer =>
  options.weightDecay > 0 ? new AdamW(parameters, options) : new Adam(parameters, options);

/** Brings results to the host and frees them. */
async function read(results: readonly Tensor[]): Promise<Float32Array[]> {
  const data = await Promise.all(results.map((result) => result.read() as Promise<Float32Array>));
  for (const result of results) result.dispose();
  return data;
}
