import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { partKey } from '../../src/store/keys.ts';
import { Store } from '../../src/store/store.ts';
import { Trainer } from '../../src/store/trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../tiny-config.ts';

/** Trains the first part of a class without pictures, in a folder that holds `files`. */
function begin(files: Readonly<Record<string, string>>) {
  const store = new Store(temporaryFolder());
  const trainer = new Trainer({ store, textures: null, saveEvery: 60 });
  const data = { name: 'none', folder: join(store.folder, 'none'), train: '', test: '', size: '' };
  const part = store.part('vae', partKey('vae', tinyConfig, trainer.origin(data, 0)));
  const settings = { version: 1, data: data.folder, textures: null, seed: 0, config: tinyConfig };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(part, name, '..'), { recursive: true });
    writeFileSync(join(part, name), text.replace('SETTINGS', JSON.stringify(settings)));
  }
  return { part, done: trainer.model(tinyConfig, data, 0) };
}

const pointer = JSON.stringify({ file: 'vae-1.safetensors' });

test.each<[string, Readonly<Record<string, string>>]>([
  ['settings', { 'config.json': '{' }],
  ['settings of another version', { 'config.json': '{"version":9}' }],
  ['pointer', { 'config.json': 'SETTINGS', 'checkpoints/latest.json': '{' }],
  ['missing checkpoint', { 'config.json': 'SETTINGS', 'checkpoints/latest.json': pointer }],
  [
    'checkpoint',
    { 'config.json': 'SETTINGS', 'checkpoints/latest.json': pointer, 'checkpoints/vae-1.safetensors': 'torn' },
  ],
  ['network', { 'config.json': 'SETTINGS', 'network.safetensors': 'torn' }],
])('a part with a damaged file (%s) names its folder and what to do', async (_, files) => {
  const { part, done } = begin(files);
  const refusal = await done.catch((error: Error) => error.message);
  expect(refusal).toMatch(/^.*; a part of the store is damaged: delete .*, and the same command trains it again$/);
  expect(refusal).toContain(`delete ${part}, `);
  expect(refusal).not.toContain('--resume');
});

test('a part that is not there is begun', async () => {
  const { part, done } = begin({});
  await expect(done).rejects.toThrow('none');
  expect(existsSync(join(part, 'config.json'))).toBe(true);
});
