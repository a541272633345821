import { afterEach, expect, test, vi } from 'vitest';
import { chooseAdapter } from '../src/gpu/adapter.ts';

// As bundles for browsers have it: `browser` in package.json makes it empty.
vi.mock('webgpu', () => ({}));

afterEach(() => vi.unstubAllGlobals());

test('a page without WebGPU is told what it needs, whatever it has for a process', async () => {
  for (const process of [undefined, { versions: {} }])
    for (const navigator of [undefined, { userAgent: 'a browser' }]) {
      vi.stubGlobal('process', process);
      vi.stubGlobal('navigator', navigator);
      await expect(chooseAdapter({})).rejects.toMatchObject({
        name: 'DeviceError',
        kind: 'no-adapter',
        message: expect.stringMatching(/^no WebGPU in this page: .*https or localhost.* browser that has WebGPU .+$/),
      });
    }
});
