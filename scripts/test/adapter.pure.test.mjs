import { expect, test } from 'vitest';
import { choose } from '../lib/choose.mjs';
import { readTar } from '../lib/swiftshader.mjs';

const gpu = { name: 'GeForce', software: false };
const lavapipe = { name: 'llvmpipe (LLVM 15)', software: true };
const swiftShader = { name: 'SwiftShader', software: true };
const none = { error: 'no Vulkan driver that Dawn accepts' };

test('a real GPU, then the system driver, then the packaged one, then one clear error', () => {
  expect(choose({ system: gpu, packaged: swiftShader })).toMatchObject({
    use: 'system',
    line: 'adapter: GeForce (GPU)',
  });
  expect(choose({ system: lavapipe, packaged: swiftShader }).use).toBe('system');
  expect(choose({ system: none, packaged: swiftShader })).toMatchObject({ use: 'packaged' });
  expect(choose({ system: none, packaged: swiftShader }).line).toContain(
    'no Vulkan driver that Dawn accepts); about five times faster on Debian 12: apt-get install',
  );
  expect(choose({ system: none, packaged: { error: 'none for linux arm64' } }).error).toMatch(
    /^no WebGPU adapter: .*none for linux arm64.*apt-get install/,
  );
});

test('a wish is kept or refused, never replaced', () => {
  expect(choose({ system: lavapipe, packaged: swiftShader, wanted: 'gpu' }).error).toContain(
    'there is no GPU (llvmpipe',
  );
  expect(choose({ system: gpu, packaged: swiftShader, wanted: 'lavapipe' }).error).toContain('Dawn offers GeForce');
  expect(choose({ system: gpu, packaged: swiftShader, wanted: 'swiftshader' }).use).toBe('packaged');
  expect(choose({ system: gpu, packaged: none, wanted: 'swiftshader' }).error).toContain('no WebGPU adapter');
  expect(choose({ system: gpu, packaged: none, wanted: 'cuda' }).error).toContain('gpu, lavapipe or swiftshader');
});

/** One tar entry: a 512-byte header and the bytes, padded to 512. */
function entry(name, bytes, type = '0') {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(bytes.length.toString(8).padStart(11, '0'), 124);
  header.write(type, 156);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

test('the tar walk finds every plain file, whatever its length', () => {
  const sizes = [0, 1, 511, 512, 513, 2000];
  const folder = entry('some/', Buffer.alloc(0), '5');
  const tar = Buffer.concat([
    folder,
    ...sizes.map((size) => entry(`some/file-${size}`, Buffer.alloc(size, size % 251))),
    Buffer.alloc(1024),
  ]);
  const files = readTar(tar);
  expect([...files.keys()]).toEqual(sizes.map((size) => `file-${size}`));
  for (const size of sizes) expect(files.get(`file-${size}`)).toEqual(Buffer.alloc(size, size % 251));
});
