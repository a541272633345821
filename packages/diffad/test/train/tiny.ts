import { type LoadedFile, loadSafetensors, saveSafetensors } from '@diffad/nn';
import type { DiffADConfig } from '../../src/config/schema.ts';
import { resolveConfig, Simulator, surfacePicture } from '../../src/index.ts';
import type { Checkpoint } from '../../src/train/checkpoint.ts';
import type { TrainingData } from '../../src/train/draw.ts';

const steps = { steps: 3, batch: 2, warmUp: 2 };

/** Next to the smallest networks there are, with dropout, and a pool that is refreshed on the way. */
export const tinyConfig = (overrides: Readonly<Record<string, unknown>> = {}): DiffADConfig =>
  resolveConfig({
    overrides: {
      size: 16,
      autoencoder: { channels: 4, multipliers: [1, 1], groups: 2, attention: false, dropout: 0.1 },
      unet: { channels: 4, multipliers: [1], attentionAt: [2], headChannels: 4, groups: 2, dropout: 0.1 },
      discriminator: { width: 2, depth: 2 },
      draem: { ...steps, width: 2 },
      sampling: { steps: 2 },
      simulation: { pool: 6, perlinMaxExponent: 2 },
      training: {
        vae: steps,
        diffusion: steps,
        segment: { ...steps, samplingSteps: 2, refresh: 2 },
      },
    },
    assignments: Object.entries(overrides).map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  });

/** Generated cloth at the networks' size: eight pictures to learn from, three held out. */
export function tinyData({ size, simulation }: DiffADConfig, seed = 7): TrainingData {
  const pictures = Array.from({ length: 11 }, (_, i) => surfacePicture(seed, i, { surface: 'woven', size }).image);
  const [learned, heldOut] = [pictures.slice(0, 8), pictures.slice(8)];
  const options = { ...simulation, size };
  return {
    simulator: new Simulator(learned, [], { ...options, seed }),
    gauge: new Simulator(heldOut, [], { ...options, seed: seed + 1, pool: 32 }),
    pool: simulation.pool,
    heldOut,
  };
}

/** A checkpoint as it comes back from a file. */
export async function throughFile({ tensors, metadata }: Checkpoint): Promise<LoadedFile> {
  const parts: Uint8Array[] = [];
  await saveSafetensors({ write: async (bytes) => void parts.push(bytes.slice()) }, tensors, metadata);
  return loadSafetensors(Uint8Array.from(parts.flatMap((part) => [...part])));
}
