import { join } from 'node:path';
import { build } from 'esbuild';

/** Native packages keep their folders; canvas is what vega would draw bitmaps with, esbuild what a checkout bundles with: nobody installs them. */
const EXTERNAL = ['webgpu', 'sharp', 'canvas', 'esbuild'];

/** A bundler resolves the gradients of tfjs, which tsx has to load in a checkout. */
const gradients = {
  name: 'tfjs-gradients',
  setup({ onLoad }) {
    onLoad({ filter: /tfjs-gradients\.ts$/ }, () => ({
      contents:
        "export const registerGradients = () => import('@tensorflow/tfjs-core/dist/register_all_gradients.js');",
    }));
  },
};

const shared = { bundle: true, minify: true, format: 'esm', logLevel: 'error' };

/** Bundles both commands, the thread that simulates defects, the starter and the program of a page into `folder`. */
export async function bundle(root, folder, commit) {
  const source = (path) => join(root, path);
  await build({
    entryPoints: {
      diffad: source('packages/diffad/src/cli/main.ts'),
      'diffad-bench': source('packages/bench/src/main.ts'),
      'simulation-worker': source('packages/diffad/src/synthesis/node/simulation-worker.ts'),
      start: source('scripts/portable/start.mjs'),
      probe: source('scripts/lib/probe.mjs'),
    },
    outdir: folder,
    ...shared,
    splitting: true,
    platform: 'node',
    target: 'node20',
    external: EXTERNAL,
    plugins: [gradients],
    define: { 'process.env.DIFFAD_COMMIT': JSON.stringify(commit) },
    // Bundled CommonJS asks for Node's own modules by `require`.
    banner: {
      js: "import { createRequire as makeRequire } from 'node:module'; const require = makeRequire(import.meta.url);",
    },
  });
  await build({
    entryPoints: { inspector: source('packages/diffad/src/inspector/browser/main.ts') },
    outdir: folder,
    ...shared,
    platform: 'browser',
  });
}
