import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const gpuSetup = fileURLToPath(new URL('./packages/tensor-core/test/setup.ts', import.meta.url));

/**
 * pure: no adapter, many threads, milliseconds each.
 * gpu: needs an adapter; two processes that keep their device from file to file, because opening one and
 * compiling its first kernels costs more than most test files do.
 */
export default defineConfig({
  test: {
    testTimeout: 120_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['packages/*/test/**/*.pure.test.ts', 'scripts/test/*.pure.test.mjs'],
          pool: 'threads',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'gpu',
          include: ['packages/*/test/**/*.test.ts', 'examples/test/*.test.ts'],
          exclude: ['**/*.pure.test.ts', '**/node_modules/**'],
          setupFiles: [gpuSetup],
          pool: 'forks',
          isolate: false,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
