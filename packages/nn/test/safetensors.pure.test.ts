import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import {
  loadSafetensors,
  SafetensorsError,
  type Savable,
  type Sink,
  saveSafetensors,
  saveShards,
} from '../src/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'safetensors-'));
afterAll(() => rm(folder, { recursive: true }));
const fixtures = new URL('../../../fixtures/data/', import.meta.url);

/** Collects what is written. */
async function bytesOf(tensors: Record<string, Savable>, metadata: Record<string, string> = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  const sink: Sink = { write: async (bytes) => void parts.push(bytes.slice()) };
  await saveSafetensors(sink, tensors, metadata);
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}

const dtypes = ['f32', 'f16', 'i32', 'u32'] as const;
const values = {
  f32: fc.float({ noNaN: true }),
  f16: fc.integer({ min: -2048, max: 2048 }),
  i32: fc.integer(),
  u32: fc.nat(),
};
const anyTensor = fc
  .record({ shape: fc.array(fc.nat(4), { maxLength: 4 }), dtype: fc.constantFrom(...dtypes) })
  .chain(({ shape, dtype }) => {
    const size = shape.reduce((a, b) => a * b, 1);
    return fc.record({
      shape: fc.constant(shape),
      dtype: fc.constant(dtype),
      data: fc.array<number>(values[dtype], { minLength: size, maxLength: size }),
    });
  });
const anyName = fc.string({ maxLength: 12, unit: 'binary' }).filter((name) => name !== '__metadata__');

test('what is written is read, whatever the names, shapes and dtypes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.dictionary(anyName, anyTensor, { maxKeys: 5 }),
      fc.dictionary(anyName, anyName),
      async (tensors, metadata) => {
        const loaded = await loadSafetensors(await bytesOf(tensors, metadata));
        expect(Object.entries(loaded.metadata).toSorted()).toEqual(Object.entries(metadata).toSorted());
        expect(Object.keys(loaded.tensors).toSorted()).toEqual(Object.keys(tensors).toSorted());
        for (const [name, { shape, dtype, data }] of Object.entries(tensors)) {
          const { [name]: found } = loaded.tensors;
          expect(found?.shape).toEqual(shape);
          expect(found?.dtype).toBe(dtype === 'f16' ? 'f32' : dtype);
          expect(Array.from(found?.data ?? [], (value) => value + 0)).toEqual(data.map((value) => value + 0));
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('a file of PyTorch: F32, F16, BF16, I64, I32, a scalar and an empty tensor', async () => {
  const answers = JSON.parse(await readFile(new URL('safetensors.json', fixtures), 'utf8')) as {
    mixed: Record<string, { shape: number[]; data: string[] }>;
  };
  const { tensors, metadata } = await loadSafetensors(fileURLToPath(new URL('mixed.safetensors', fixtures)));
  expect(metadata).toEqual({ format: 'pt' });
  expect(Object.keys(tensors).toSorted()).toEqual(Object.keys(answers.mixed).toSorted());
  for (const [name, { shape, data }] of Object.entries(answers.mixed)) {
    expect(tensors[name]?.shape).toEqual(shape);
    expect(Array.from(tensors[name]?.data ?? [])).toEqual(
      data.map((text) => (text === 'inf' ? Number.POSITIVE_INFINITY : Number(text))),
    );
  }
});

test('every tensor begins at a multiple of its element and the header fills whole words', async () => {
  const bytes = await bytesOf({
    half: { shape: [3], dtype: 'f16', data: [1, 2, 3] },
    single: { shape: [1], dtype: 'f32', data: [4] },
  });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
  expect(length % 8).toBe(0);
  expect(header.single.data_offsets).toEqual([0, 4]);
  expect(header.half.data_offsets).toEqual([4, 10]);
});

test('what cannot be stored is refused with its numbers', async () => {
  await expect(bytesOf({ w: { shape: [2, 3], dtype: 'f32', data: [1, 2] } })).rejects.toThrow(
    'w: 2 numbers given, shape [2, 3] holds 6',
  );
  await expect(bytesOf({ __metadata__: { shape: [], dtype: 'f32', data: [1] } })).rejects.toThrow(
    'a tensor cannot be named __metadata__',
  );
  const one = { shape: [1], dtype: 'f32' as const, data: [1] };
  for (const [element, value] of [
    [1.5, '1.5'],
    [2 ** 31, '2147483648'],
    [Number.NaN, 'NaN'],
  ] as const)
    await expect(bytesOf({ n: { shape: [2], dtype: 'i32', data: [1, element] } })).rejects.toThrow(
      `n: element 1 is ${value}, which is no i32`,
    );
  await expect(bytesOf({ n: { shape: [1], dtype: 'u32', data: [-1] } })).rejects.toThrow('n: element 0 is -1');
  await expect(bytesOf({ w: { ...one, shape: [-1, -1] } })).rejects.toThrow('w: shape [-1, -1] must be a list of');
  await expect(bytesOf({ w: { ...one, dtype: 'f64' as 'f32' } })).rejects.toThrow(
    'w: dtype f64 is not one of f32, f16, i32, u32',
  );
  const numbers = { steps: 5 } as unknown as Record<string, string>;
  const path = join(folder, 'refused.safetensors');
  await expect(saveSafetensors(path, { w: one }, numbers)).rejects.toThrow(
    'metadata steps is a number, expected a string; JSON.stringify(..) makes one',
  );
  expect(await readdir(folder)).not.toContain('refused.safetensors');
});

test('a save that fails leaves the file that was there, and no other', async () => {
  const path = join(folder, 'kept.safetensors');
  await saveSafetensors(path, { w: { shape: [1], dtype: 'f32', data: [7] } });
  const broken: Savable = { shape: [1], dtype: 'f32', load: () => Promise.reject(new Error('the device is lost')) };
  await expect(saveSafetensors(path, { w: broken })).rejects.toThrow('the device is lost');
  expect((await loadSafetensors(path)).tensors.w?.data[0]).toBe(7);
  expect((await readdir(folder)).filter((name) => name.startsWith('kept'))).toEqual(['kept.safetensors']);
});

test('shards are read back through their index; what fits is one file', async () => {
  const tensors: Record<string, Savable> = Object.fromEntries(
    ['a', 'b', 'c', 'd'].map((name, i) => [
      name,
      { shape: [i + 1], dtype: 'f32' as const, data: new Array(i + 1).fill(i) },
    ]),
  );
  const path = join(folder, 'model.safetensors');
  expect(await saveShards(path, tensors, { maxBytes: 1000 })).toBe(path);
  const index = await saveShards(path, tensors, { maxBytes: 12, metadata: { kind: 'test' } });
  expect(index).toBe(`${path}.index.json`);
  expect((await readdir(folder)).filter((name) => name.startsWith('model-'))).toEqual([
    'model-00001-of-00003.safetensors',
    'model-00002-of-00003.safetensors',
    'model-00003-of-00003.safetensors',
  ]);
  const loaded = await loadSafetensors(index);
  expect(loaded.metadata).toEqual({ kind: 'test' });
  for (const [name, { shape }] of Object.entries(tensors)) expect(loaded.tensors[name]?.shape).toEqual(shape);
});

test.each(['my model', 'modèle (1)', 'a+b, 50 %', '.hidden'])(
  'shards of a file called %s are read back',
  async (stem) => {
    const tensors: Record<string, Savable> = {
      a: { shape: [1], dtype: 'f32', data: [1] },
      b: { shape: [1], dtype: 'f32', data: [2] },
    };
    const index = await saveShards(join(folder, `${stem}.safetensors`), tensors, { maxBytes: 4 });
    expect((await loadSafetensors(index)).tensors.b?.data[0]).toBe(2);
  },
);

test('wherever a save over a set of shards breaks off, no index points at a mixture', async () => {
  const path = join(folder, 'again.safetensors');
  const names = ['a', 'b', 'c'];
  const set = (value: number, broken?: string): Record<string, Savable> =>
    Object.fromEntries(
      names.map((name) => {
        const load = () =>
          name === broken ? Promise.reject(new Error('the device is lost')) : Promise.resolve([value]);
        return [name, { shape: [1], dtype: 'f32' as const, load }];
      }),
    );
  const own = async (): Promise<string[]> => (await readdir(folder)).filter((name) => name.startsWith('again'));
  for (const broken of names) {
    const index = await saveShards(path, set(1), { maxBytes: 4 });
    expect((await own()).filter((name) => name.endsWith('.part'))).toEqual([]);
    await expect(saveShards(path, set(2, broken), { maxBytes: 4 })).rejects.toThrow('the device is lost');
    await expect(loadSafetensors(index)).rejects.toThrow('ENOENT');
  }
  await saveShards(path, set(3), { maxBytes: 4 });
  expect(await saveShards(path, set(4), { maxBytes: 1000 })).toBe(path);
  expect(await own()).not.toContain('again.safetensors.index.json');
  expect((await loadSafetensors(path)).tensors.c?.data[0]).toBe(4);
});

test.each([
  ['{"weight_map": {"w": "../secret.safetensors"}}', 'expected a plain *.safetensors name'],
  ['{"weight_map": {"w": "sub\\\\kept.safetensors"}}', 'expected a plain *.safetensors name'],
  ['{"weight_map": {"w": "/etc/passwd"}}', 'expected a plain *.safetensors name'],
  ['{"weight_map": {"missing": "kept.safetensors"}}', 'holds w, which the index does not place there'],
  ['{"weight_map": {"w": "kept.safetensors", "v": "kept.safetensors"}}', 'no shard holds v'],
  ['{"weight_map": []}', 'no weight_map'],
  ['{', 'not JSON'],
])('the index %s is refused', async (text, message) => {
  await saveSafetensors(join(folder, 'kept.safetensors'), { w: { shape: [1], dtype: 'f32', data: [7] } });
  const path = join(folder, 'bad.safetensors.index.json');
  await writeFile(path, text);
  const refusal = loadSafetensors(path);
  await expect(refusal).rejects.toThrow(SafetensorsError);
  await expect(refusal).rejects.toThrow(message);
});
