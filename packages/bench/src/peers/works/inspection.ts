import { type DiffADConfig, diffusionSchedule, timestepsOf } from '@diffad/diffad';
import { timestepEmbedding } from '@diffad/nn';
import type { Rng } from '@diffad/tensor-core';
import { autoencoder } from '../networks/autoencoder.ts';
import { discriminator } from '../networks/discriminator.ts';
import { unet } from '../networks/unet.ts';
import type { Host, Lookup, Ops, Work } from '../work.ts';
import { hostOf, normals, uniforms } from './hosts.ts';
import { own } from './own.ts';

export const inspectionName = ({ preset, sampling }: DiffADConfig, batch: number): string =>
  `${preset}, inspection of ${batch}, ${sampling.steps} sampling steps`;

/** The whole method: encode, denoise, decode reconstruction and interpolation, mark what differs. */
export async function inspection(
  config: DiffADConfig,
  state: Readonly<Record<string, Host>>,
  batch: number,
  rng: Rng,
): Promise<Work> {
  const { size, autoencoder: sizes, sampling, diffusion } = config;
  const lambda = sampling.interpolation;
  if (lambda === null || sampling.start !== 'noise' || diffusion.condition === 'none')
    throw new RangeError('peers: only the whole method, started from noise, is written for the peers');
  const side = size / 2 ** (sizes.multipliers.length - 1);
  const inputs: Record<string, Host> = {
    x: uniforms(rng, [batch, size, size, 3]),
    noise: normals(rng, [batch, side, side, sizes.latentChannels], 'pictures'),
  };
  const steps = samplingSteps(config);
  for (const { t } of steps) {
    using sinusoids = timestepEmbedding(
      Array.from({ length: batch }, () => t),
      config.unet.channels,
    );
    inputs[`sinusoids.${t}`] = await hostOf(sinusoids);
  }
  return {
    name: inspectionName(config, batch),
    kind: 'forward',
    parameters: state,
    inputs,
    result: { role: 'pictures', shape: [batch, size, size, 1] },
    tolerance: 1e-3,
    compute: (ops, get) => {
      const { encode, decode } = autoencoder(ops, get, sizes, 'vae.');
      const x = get('x');
      const seen = encode(x).mean;
      const redrawn = sample(ops, get, config, steps, seen);
      const between = ops.add(ops.scale(seen, lambda), ops.scale(redrawn, 1 - lambda));
      const pictures = ops.halves(decode(ops.stack([redrawn, between])));
      const logits = discriminator(ops, get, config.discriminator, 'seg.')(ops.concat([...pictures, x]));
      const [normal, anomalous] = ops.split(logits, [1, 1]) as [typeof x, typeof x];
      return ops.sub(anomalous, normal);
    },
    own: () => own(config, state, inputs, '', (model, get) => model.detect(get('x'), [get('noise')]).logit),
  };
}

/** z <- latent z + output prediction. */
interface Step {
  readonly t: number;
  readonly latent: number;
  readonly output: number;
}

/** Deterministic DDIM from the highest timestep to none. Song et al. 2021, eq. 12. */
function samplingSteps(config: DiffADConfig): Step[] {
  const { diffusion } = config;
  const { alphasCumprod } = diffusionSchedule(diffusion);
  const visited = timestepsOf(config);
  return visited
    .map((t, k): Step => {
      const [a, b] = [t, visited[k - 1] ?? 0].map((at) => alphasCumprod[at] as number) as [number, number];
      const [signal, noise, keep, direction] = [a, 1 - a, b, 1 - b].map(Math.sqrt) as [number, number, number, number];
      if (diffusion.prediction === 'epsilon')
        return { t, latent: keep / signal, output: direction - (keep * noise) / signal };
      return { t, latent: keep * signal + direction * noise, output: direction * signal - keep * noise };
    })
    .toReversed();
}

function sample<T>(ops: Ops<T>, get: Lookup<T>, config: DiffADConfig, steps: readonly Step[], seen: T): T {
  const side = config.size / 2 ** (config.autoencoder.multipliers.length - 1);
  const predict = unet(ops, get, config.unet, 'unet.');
  let z = get('noise');
  for (const { t, latent, output } of steps) {
    const prediction = predict(ops.concat([z, seen]), side, get(`sinusoids.${t}`));
    z = ops.add(ops.scale(z, latent), ops.scale(prediction, output));
  }
  return z;
}
