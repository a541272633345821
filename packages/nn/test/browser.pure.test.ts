import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build as bundle } from 'esbuild';
import { build } from 'tsdown';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import config from '../tsdown.config.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles `entry` for a browser, in which there are no modules of Node; answers with what is left out. */
async function inBrowser(entry: string): Promise<string[]> {
  const { metafile } = await bundle({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'browser',
    external: ['@diffad/tensor-core'],
    logLevel: 'silent',
  });
  return Object.keys(metafile.inputs).filter((path) => path.startsWith('(disabled):'));
}

test('a browser gets neither the sources nor what is published of them with modules of Node', async () => {
  expect(await inBrowser(join(root, 'src/index.ts'))).toHaveLength(2);
  const folder = await mkdtemp(join(tmpdir(), 'published-'));
  await build({ ...config, cwd: root, config: false, outDir: join(folder, 'dist'), dts: false, logLevel: 'silent' });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ ...manifest, ...manifest.publishConfig }));
  expect(await inBrowser(join(folder, 'dist/index.js'))).toHaveLength(2);
  await rm(folder, { recursive: true });
});

test('`using` ends tensors, modules and optimisers where a browser has no Symbol.dispose', async () => {
  const { outputFiles } = await bundle({
    stdin: {
      contents: `
        import { Adam, Ema, GradientAccumulator, LossScaler, Module } from '@diffad/nn';
        import { Tensor } from '@diffad/tensor-core';
        for (const [name, kind] of Object.entries({ Tensor, Module, Adam, Ema, LossScaler, GradientAccumulator })) {
          using one = Object.create(kind.prototype, { dispose: { value: () => ended.push(name) } });
        }`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome113',
    logLevel: 'silent',
  });
  const ended: string[] = [];
  const older = Object.create(Symbol, { dispose: { value: undefined, configurable: true } });
  new Function('Symbol', 'ended', outputFiles[0]?.text ?? '')(older, ended);
  expect(ended).toEqual(['Tensor', 'Module', 'Adam', 'Ema', 'LossScaler', 'GradientAccumulator']);
});

test('a browser says that it opens no paths, and what to give instead', async () => {
  const { outputFiles } = await bundle({
    stdin: {
      contents: `
        import { loadSafetensors, saveSafetensors, saveShards } from '@diffad/nn';
        done(Promise.allSettled([
          loadSafetensors('/m.safetensors'),
          loadSafetensors('/m.safetensors.index.json'),
          saveSafetensors('m.safetensors', {}),
          saveShards('m.safetensors', {}, { maxBytes: 1 }),
        ]));`,
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    logLevel: 'silent',
  });
  const answers = await new Promise<PromiseSettledResult<unknown>[]>((done) =>
    new Function('process', 'done', outputFiles[0]?.text ?? '')(undefined, done),
  );
  expect(answers.map((answer) => (answer.status === 'rejected' ? answer.reason.message : 'opened'))).toEqual([
    '/m.safetensors: only Node opens paths; in a browser give the bytes, new Uint8Array(await (await fetch(url)).arrayBuffer())',
    '/m.safetensors.index.json: only Node opens paths; in a browser give the bytes of one shard after the other',
    'm.safetensors: only Node opens paths; in a browser give a sink, { write: async (bytes) => .. }',
    'm.safetensors: only Node opens paths; in a browser give saveSafetensors a sink',
  ]);
});
