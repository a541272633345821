import { Rng, scope } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  autoencoderParameters,
  discriminatorParameters,
  draemParameters,
  unetParameters,
} from '../../src/config/parameter-counts.ts';
import { DraemAutoencoder } from '../../src/draem/draem-autoencoder.ts';
import { Discriminator } from '../../src/segment/discriminator.ts';
import { UNet } from '../../src/unet/unet.ts';
import { Autoencoder } from '../../src/vae/autoencoder.ts';

interface Network {
  parameters(): { readonly size: number }[];
  dispose(): void;
}

function counted(make: (rng: Rng) => Network): number {
  const network = scope(() => make(new Rng(0)));
  const count = network.parameters().reduce((sum, { size }) => sum + size, 0);
  network.dispose();
  return count;
}

const multipliers = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 });
const channels = fc.constantFrom(4, 8);
const blocks = fc.integer({ min: 1, max: 2 });

test('networks have as many parameters as are counted without making them', () => {
  fc.assert(
    fc.property(channels, multipliers, blocks, fc.boolean(), (width, levels, depth, attended) => {
      const sizes = { channels: width, multipliers: levels, blocks: depth, groups: 4, dropout: 0 };
      const vae = { ...sizes, latentChannels: 3, attention: attended };
      const unet = { ...sizes, attentionAt: attended ? [1, 4] : [2], headChannels: 4 };
      expect(counted((rng) => new Autoencoder(vae, rng))).toBe(autoencoderParameters(vae));
      expect(counted((rng) => new UNet(6, 3, unet, rng))).toBe(unetParameters(6, 3, unet));
    }),
    { numRuns: 5 },
  );
  for (const depth of [2, 4, 6])
    expect(counted((rng) => new Discriminator(9, { width: 2, depth }, rng))).toBe(
      discriminatorParameters(9, { width: 2, depth }),
    );
  expect(counted((rng) => new DraemAutoencoder(2, rng))).toBe(draemParameters(2));
});
