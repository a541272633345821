import { defineConfig } from 'tsdown';

export default defineConfig([
  {
    entry: {
      index: 'src/index.ts',
      node: 'src/node.ts',
      main: 'src/cli/main.ts',
      'simulation-worker': 'src/synthesis/node/simulation-worker.ts',
    },
    format: 'esm',
    platform: 'neutral',
    deps: { neverBundle: [/^node:/, 'esbuild'] },
    dts: true,
    sourcemap: true,
  },
  {
    entry: { inspector: 'src/inspector/browser/main.ts' },
    format: 'esm',
    platform: 'browser',
    deps: { alwaysBundle: [/^(?!webgpu$)/], neverBundle: ['webgpu'], onlyBundle: false }, // no browser asks for Dawn
    outputOptions: { codeSplitting: false },
    minify: true,
    clean: false,
  },
]);
