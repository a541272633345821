import { type DiffADConfig, type Model, train } from '@diffad/diffad';
import { loadRunData } from '@diffad/diffad/node';
import { savable } from '@diffad/nn';
import { expect, test } from 'vitest';
import { configOf } from '../../src/ablation/methods.ts';
import { openClass } from '../../src/store/class-data.ts';
import { Store } from '../../src/store/store.ts';
import { Trainer } from '../../src/store/trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { TINY_CLASS, tinyConfig } from '../tiny-config.ts';

async function weights(model: Model): Promise<Record<string, readonly number[]>> {
  const all: Record<string, readonly number[]> = {};
  for (const [prefix, network] of model.networks)
    for (const [name, tensor] of Object.entries(savable(network, prefix))) all[name] = Array.from(await tensor.load());
  return all;
}

test('a model put together from parts has the bits of one trained in a single run', async () => {
  const store = new Store(temporaryFolder());
  const trainer = new Trainer({ store, textures: null, saveEvery: 60 });
  const data = await openClass(TINY_CLASS, store.made);
  // Parts of another variant lie in the store already: what full shares with it is not trained again.
  const configs: DiffADConfig[] = [configOf(tinyConfig, 'wo-inter'), configOf(tinyConfig, 'full')];
  for (const config of configs) {
    const settings = { version: 1, data: data.folder, textures: null, seed: 5, config } as const;
    const whole = await train({ config, seed: 5, data: (await loadRunData(settings)).training });
    const parts = await trainer.model(config, data, 5);
    const [expected, got] = [await weights(whole), await weights(parts)];
    const scales = [whole, parts].map((model) => 'latentScale' in model && model.latentScale);
    whole.dispose();
    parts.dispose();
    expect(got).toEqual(expected);
    expect(scales[1]).toBe(scales[0]);
  }
});
