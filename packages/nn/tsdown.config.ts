import { defineConfig } from 'tsdown';

export default defineConfig({
  // Files of their own, so that `browser` in package.json can name them.
  entry: {
    index: 'src/index.ts',
    'node/file': 'src/safetensors/node/file.ts',
    'node/shards': 'src/safetensors/node/shards.ts',
  },
  format: 'esm',
  platform: 'neutral',
  deps: { neverBundle: [/^node:/] },
  dts: true,
  sourcemap: true,
});
