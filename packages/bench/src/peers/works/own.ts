import { DiffAD, type DiffADConfig } from '@diffad/diffad';
import { type Tensor, tensor as upload } from '@diffad/tensor-core';
import { type Host, type Lookup, lookup, mapRecord, type Own } from '../work.ts';

/** Our own networks with the state of a work, at something; `prefix` says which of them is trained. */
export function own(
  config: DiffADConfig,
  state: Readonly<Record<string, Host>>,
  inputs: Readonly<Record<string, Host>>,
  prefix: string,
  compute: (model: DiffAD, get: Lookup<Tensor>) => Tensor,
): Own {
  const model = DiffAD.create(config).eval();
  const parameters: Record<string, Tensor> = {};
  for (const [network, module] of model.networks) {
    for (const [name, tensor] of Object.entries(module.namedState())) {
      const host = state[network + name];
      if (host) tensor.assign(host.data);
    }
    if (network === prefix) Object.assign(parameters, module.namedParameters());
  }
  const uploaded = mapRecord(inputs, ({ data, shape }) => upload(data, shape));
  return {
    parameters,
    compute: () => compute(model, lookup(uploaded)),
    dispose() {
      model.dispose();
      for (const input of Object.values(uploaded)) input.dispose();
    },
  };
}
