import { BatchNorm2d, Conv2d } from '@diffad/nn';
import { init, Rng } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { Discriminator } from '../../src/segment/discriminator.ts';

await init();

test.each(['normal', 'he'] as const)(
  'weights drawn by %s have its mean and deviation, layer by layer',
  async (initialisation) => {
    const network = new Discriminator(9, { width: 8, depth: 3, initialisation }, new Rng(4));
    const output = network.decoderSegment.finOut[0];
    for (const layer of network.modules()) {
      if (!(layer instanceof Conv2d || layer instanceof BatchNorm2d)) continue;
      const weights = await layer.weight.read();
      const fanIn = weights.length / (layer.weight.shape.at(-1) as number);
      const wide = initialisation === 'he' && layer instanceof Conv2d && layer !== output;
      const [mean, deviation] = [layer instanceof BatchNorm2d ? 1 : 0, wide ? Math.sqrt(2 / fanIn) : 0.02];
      const sample = Array.from(weights, (weight) => weight - mean);
      const found = Math.sqrt(sample.reduce((sum, value) => sum + value ** 2, 0) / sample.length);
      expect(Math.abs(sample.reduce((sum, value) => sum + value, 0) / sample.length)).toBeLessThan(
        (4 * deviation) / Math.sqrt(sample.length),
      );
      expect(Math.abs(found - deviation)).toBeLessThan((4 * deviation) / Math.sqrt(2 * sample.length));
    }
    network.dispose();
  },
);
