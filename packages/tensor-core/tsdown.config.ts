import { defineConfig } from 'tsdown';

export default defineConfig({
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  dts: true,
  // Whoever uses the types need not have it among their own: handles are disposable.
  banner: { dts: '/// <reference lib="esnext.disposable" />' },
  sourcemap: true,
});
