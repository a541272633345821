import type { DiffAD } from '@diffad/diffad';
import type { Rng, Tensor } from '@diffad/tensor-core';
import type { Host, Role } from '../work.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);

/** Standard normals. */
export const normals = (rng: Rng, shape: readonly number[], role: Role = 'plain'): Host => ({
  role,
  shape,
  data: rng.normals(sizeOf(shape)),
});

/** Pictures in [0, 1]. */
export const uniforms = (rng: Rng, shape: readonly number[]): Host => ({
  role: 'pictures',
  shape,
  data: rng.uniforms(sizeOf(shape)),
});

export async function hostOf(tensor: Tensor): Promise<Host> {
  const role = tensor.shape.length === 4 ? 'kernel' : 'plain';
  return { role, shape: tensor.shape, data: Float32Array.from(await tensor.read()) };
}

/**
 * The state of every network by the names of checkpoints. Weights that start at zero are drawn like the others,
 * so that results depend on all of the network.
 */
export async function stateOf(model: DiffAD, rng: Rng): Promise<Record<string, Host>> {
  const state: Record<string, Host> = {};
  for (const [prefix, network] of model.networks)
    for (const [name, tensor] of Object.entries(network.namedState())) {
      const host = await hostOf(tensor);
      const fanIn = sizeOf(host.shape.slice(0, -1));
      if (host.shape.length > 1 && host.data.every((value) => value === 0))
        host.data.set(rng.normals(host.data.length).map((value) => value / Math.sqrt(fanIn)));
      state[prefix + name] = host;
    }
  return state;
}

/** Those whose names begin with `prefix`. */
export const beginning = (state: Readonly<Record<string, Host>>, prefix: string): Record<string, Host> =>
  Object.fromEntries(Object.entries(state).filter(([name]) => name.startsWith(prefix)));
