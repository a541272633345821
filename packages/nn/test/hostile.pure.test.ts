import fc from 'fast-check';
import { expect, test } from 'vitest';
import { loadSafetensors, SafetensorsError, SafetensorsReader } from '../src/index.ts';

/** A file with this header text and so many bytes after it; `claimed` lies about the header's length. */
function file(header: string, bytes = 0, claimed?: bigint): Uint8Array {
  const text = new TextEncoder().encode(header);
  const result = new Uint8Array(8 + text.length + bytes);
  new DataView(result.buffer).setBigUint64(0, claimed ?? BigInt(text.length), true);
  result.set(text, 8);
  return result;
}

const entry = (begin: number, end: number, shape = [(end - begin) / 4], dtype = 'F32'): string =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

const hostile: readonly (readonly [string, Uint8Array, string])[] = [
  ['nothing', new Uint8Array(0), 'has 0 bytes, fewer than the 8'],
  ['half a length', new Uint8Array(5), 'has 5 bytes'],
  ['a header longer than the file', file('{}', 0, 3n), 'claims 3 bytes, the file has 2'],
  ['a header of 2^64 - 1 bytes', file('{}', 0, 2n ** 64n - 1n), 'claims 18446744073709551615 bytes'],
  ['no brace', file(' {}'), 'does not begin with {'],
  ['a pickle', file('\u0080\u0002}q'), 'does not begin with {'],
  ['no JSON', file('{"a"'), 'not JSON'],
  ['a string without an end', file('{"a'), 'a string does not end'],
  ['a bad escape', file('{"\\x": 1}'), 'is not a string'],
  ['no UTF-8', Uint8Array.from([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0x7d]), 'not UTF-8'],
  ['depth', file(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`), 'nested deeper than 3'],
  ['one name twice', file(`{"a":${entry(0, 4)},"a":${entry(0, 4)}}`, 4), 'names a twice'],
  ['one name twice, escaped', file(`{"a":${entry(0, 4)},"\\u0061":${entry(0, 4)}}`, 4), 'names a twice'],
  [
    'one name twice, far from its colon',
    file(`{"a":${entry(0, 4)},"a"${' '.repeat(99)}:${entry(0, 4)}}`, 4),
    'names a twice',
  ],
  ['a field twice', file('{"a":{"dtype":"F32","dtype":"F16","shape":[1],"data_offsets":[0,4]}}', 4), 'dtype twice'],
  ['no entry', file('{"a":1}'), 'a: expected dtype, shape and data_offsets'],
  ['an unknown dtype', file(`{"a":${entry(0, 4, [1], 'F8')}}`, 4), 'dtype F8 is not one of'],
  ['a dtype from the prototype', file(`{"a":${entry(0, 4, [1], 'constructor')}}`, 4), 'dtype constructor is not one'],
  ['a negative extent', file(`{"a":${entry(0, 4, [-1])}}`, 4), 'shape must be a list of integers >= 0'],
  ['a broken extent', file(`{"a":${entry(0, 4, [1.5])}}`, 4), 'shape must be a list of integers >= 0'],
  ['shapes that overflow', file(`{"a":${entry(0, 0, [2 ** 52, 2 ** 52])}}`), 'data_offsets span 0 bytes'],
  ['offsets backwards', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}', 4), 'span -4 bytes'],
  ['one offset', file('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}', 4), 'must be two integers'],
  ['an overlap', file(`{"a":${entry(0, 8)},"b":${entry(4, 12)}}`, 12), 'b: begins at byte 4, inside another'],
  ['a hole', file(`{"a":${entry(0, 4)},"b":${entry(8, 12)}}`, 12), 'b: begins at byte 8, leaving a hole'],
  ['a hole in front', file(`{"a":${entry(4, 8)}}`, 8), 'leaving a hole after byte 0'],
  ['bytes missing', file(`{"a":${entry(0, 8)}}`, 7), 'end at byte 8, the file at byte 7; it is truncated or too long'],
  ['bytes left over', file(`{"a":${entry(0, 8)}}`, 9), 'end at byte 8, the file at byte 9'],
  ['metadata that is no map', file('{"__metadata__":{"a":1}}'), '__metadata__ must map names to strings'],
];

test.each(hostile)('%s is refused', async (_, bytes, message) => {
  const refusal = loadSafetensors(bytes);
  await expect(refusal).rejects.toThrow(SafetensorsError);
  await expect(refusal).rejects.toThrow(message);
});

test('an I64 outside 32 bits is refused', async () => {
  const bytes = file(`{"a":${entry(0, 8, [1], 'I64')}}`, 8);
  bytes[bytes.length - 2] = 1;
  await expect(loadSafetensors(bytes)).rejects.toThrow('an I64 element is 281474976710656, outside 32 bits');
});

test('a tensor named __proto__ is a tensor', async () => {
  const { tensors } = await loadSafetensors(file(`{"__proto__":${entry(0, 4)}}`, 4));
  expect(Object.keys(tensors)).toEqual(['__proto__']);
});

test('what is loaded does not change with the bytes it came from, an array’s or a Buffer’s', async () => {
  const bytes = file(`{"a":${entry(0, 4)}}`, 4);
  for (const given of [bytes, Buffer.from(bytes)]) {
    const { tensors } = await loadSafetensors(given);
    given.fill(255);
    expect(tensors.a?.data[0]).toBe(0);
  }
});

test('what is neither path, bytes nor source is named', async () => {
  for (const [given, kind] of [
    [new ArrayBuffer(8), 'ArrayBuffer'],
    [new Blob([]), 'Blob'],
    [undefined, 'Undefined'],
  ] as const)
    await expect(loadSafetensors(given as unknown as Uint8Array)).rejects.toThrow(
      `loadSafetensors: got ${kind}, expected a path, a Uint8Array, or a source with size and read(offset, length)`,
    );
});

test('a source that gives less than it promised is refused', async () => {
  const whole = file(`{"a":${entry(0, 8)}}`, 8);
  const source = {
    size: whole.length,
    read: async (offset: number, length: number) => whole.slice(offset, Math.min(offset + length, whole.length - 3)),
  };
  const reader = await SafetensorsReader.open(source);
  await expect(loadSafetensors(source)).rejects.toThrow('8 bytes asked for at byte');
  await expect(reader.read({ name: 'a', stored: 'F32', shape: [2], begin: 0, end: 8 })).rejects.toThrow(
    SafetensorsError,
  );
});

const good = file(`{"__metadata__":{"k":"v"},"a":${entry(0, 8)},"b":${entry(8, 12, [2], 'F16')}}`, 12);
const header = new TextDecoder().decode(good.subarray(8, good.length - 12));

/** Either the file is read whole or SafetensorsError comes. */
async function refusedOrWhole(bytes: Uint8Array): Promise<void> {
  try {
    const { tensors } = await loadSafetensors(bytes);
    for (const { shape, data } of Object.values(tensors)) expect(data.length).toBe(shape.reduce((a, b) => a * b, 1));
  } catch (error) {
    expect(error).toBeInstanceOf(SafetensorsError);
  }
}

test('every shorter file is refused', async () => {
  for (let length = 0; length < good.length; length++)
    await expect(loadSafetensors(good.subarray(0, length))).rejects.toThrow(SafetensorsError);
});

test('changed bytes are refused or read whole', async () => {
  const change = fc.tuple(fc.nat(good.length - 1), fc.nat(255));
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
      const bytes = good.slice();
      for (const [at, value] of changes) bytes[at] = value;
      await refusedOrWhole(bytes);
    }),
    { numRuns: 2000 },
  );
});

test('changed header texts are refused or read whole', async () => {
  const scrap = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    '"',
    ':',
    ',',
    '\\',
    '\\u',
    '"a":',
    '0',
    '-1',
    '1e99',
    'null',
    ' ',
    '\u0000',
  );
  const edit = fc.record({ at: fc.nat(header.length), cut: fc.nat(12), put: fc.array(scrap, { maxLength: 3 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
      const text = edits.reduce((t, { at, cut, put }) => t.slice(0, at) + put.join('') + t.slice(at + cut), header);
      await refusedOrWhole(file(text, 12));
    }),
    { numRuns: 2000 },
  );
});

test('any JSON for a header is refused or read whole', async () => {
  const json = fc.oneof(
    fc.json({ maxDepth: 4 }),
    fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 })).map((v) => JSON.stringify(v)),
  );
  await fc.assert(
    fc.asyncProperty(json, fc.nat(16), (text, bytes) => refusedOrWhole(file(text, bytes))),
    { numRuns: 1000 },
  );
});

test('any bytes are refused or read whole', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), refusedOrWhole), { numRuns: 1000 });
});
