import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encode } from 'bmp-ts';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../../src/image/node/decode.ts';
import { readImage, readMask } from '../../../src/image/node/read-image.ts';
import { encodePng, writePng } from '../../../src/image/node/write-png.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { greyBmp } from './bmp.ts';
import { tiff16 } from './tiff.ts';

const folder = temporaryFolder();
const [width, height] = [7, 5];
const bytes = (channels: number) => Uint8Array.from({ length: width * height * channels }, (_, i) => (i * 37) % 256);
const words = (channels: number) =>
  Uint16Array.from({ length: width * height * channels }, (_, i) => (i * 911) % 65536);
const raw8 = (channels: 1 | 2 | 3 | 4) => sharp(bytes(channels), { raw: { width, height, channels } });
const raw16 = (channels: 1 | 3) => sharp(words(channels), { raw: { width, height, channels } });
const floats = (values: Uint8Array | Uint16Array) =>
  Float32Array.from(values, (v) => v / (values instanceof Uint8Array ? 255 : 65535));

describe('decodeImage keeps every value of a lossless file', () => {
  test.each([
    ['PNG, grey, 8 bit', () => raw8(1).toColourspace('b-w').png().toBuffer(), bytes(1), 8],
    ['PNG, colour, 8 bit', () => raw8(3).png().toBuffer(), bytes(3), 8],
    ['PNG, grey, 16 bit', () => raw16(1).toColourspace('grey16').png().toBuffer(), words(1), 16],
    ['PNG, colour, 16 bit', () => raw16(3).toColourspace('rgb16').png().toBuffer(), words(3), 16],
    ['TIFF, colour, 8 bit', () => raw8(3).tiff({ compression: 'lzw' }).toBuffer(), bytes(3), 8],
    ['TIFF, grey, 16 bit', async () => tiff16(width, height, words(1)), words(1), 16],
    ['WebP, colour', () => raw8(3).webp({ lossless: true }).toBuffer(), bytes(3), 8],
  ] as const)('%s', async (_, file, values, bitDepth) => {
    const decoded = await decodeImage(await file(), 'a picture');
    expect(decoded.bitDepth).toBe(bitDepth);
    expect(decoded.image).toEqual({ width, height, channels: values.length / 35, data: floats(values) });
  });
});

describe('BMP', () => {
  const rgb = bytes(3);
  const abgr = Buffer.alloc(width * height * 4);
  for (let i = 0; i < width * height; i++) for (let c = 0; c < 3; c++) abgr[4 * i + 3 - c] = rgb[3 * i + c] as number;

  test('24 bits are RGB', async () => {
    const file = encode({ data: abgr, width, height, bitPP: 24 }).data;
    expect((await decodeImage(file, 'a.bmp')).image).toEqual({ width, height, channels: 3, data: floats(rgb) });
  });

  test('a grey palette gives one channel', async () => {
    const file = greyBmp(width, height, bytes(1));
    expect((await decodeImage(file, 'a.bmp')).image).toEqual({ width, height, channels: 1, data: floats(bytes(1)) });
  });
});

describe('what files say besides pixels', () => {
  test('EXIF orientation is applied', async () => {
    const turned = await raw8(3).jpeg({ quality: 100 }).withMetadata({ orientation: 6 }).toBuffer();
    const { image } = await decodeImage(turned, 'a.jpg');
    expect([image.width, image.height]).toEqual([height, width]);
  });

  test.each([2, 4] as const)('transparency of %i channels lies over black', async (channels) => {
    const source = raw8(channels);
    const file = await (channels === 2 ? source.toColourspace('b-w') : source).png().toBuffer();
    const { data, channels: colours } = (await decodeImage(file, 'a.png')).image;
    const all = bytes(channels);
    const alpha = (i: number) => (all[i * channels + channels - 1] as number) / 255;
    const pixels = Array.from({ length: width * height }, (_, i) => i);
    for (const i of pixels) expect(data[i * colours]).toBeCloseTo(((all[i * channels] as number) / 255) * alpha(i), 6);
  });
});

describe('bad files give one line that names the file', () => {
  const line = (file: Uint8Array) => decodeImage(file, 'parts/7.png').then(String, (error: Error) => error.message);

  test('empty, foreign, damaged', async () => {
    const png = await raw8(3).png().toBuffer();
    const jpeg = await sharp({
      create: {
        width: 64,
        height: 64,
        channels: 3,
        background: 'red',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    })
      .jpeg()
      .toBuffer();
    expect(await line(new Uint8Array(0))).toBe('parts/7.png: is empty');
    expect(await line(Buffer.from('no picture'))).toBe(
      'parts/7.png: is not a whole PNG, JPEG, BMP, TIFF or WebP picture',
    );
    for (const damaged of [
      png.subarray(0, png.length >> 1),
      jpeg.subarray(0, jpeg.length >> 1),
      Buffer.from('BM damaged'),
    ])
      expect(await line(damaged)).toMatch(/^parts\/7\.png: cannot be decoded, the file is damaged \(.*\)$/);
    expect(await line(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"/>'))).toBe(
      'parts/7.png: svg is not supported; save it as PNG',
    );
  });

  test('missing, a folder', async () => {
    await expect(readImage(join(folder, 'none.png'))).rejects.toThrow('none.png: does not exist');
    await expect(readImage(folder)).rejects.toThrow('is a folder, not a picture');
  });
});

describe('writePng', () => {
  test('reading gives back what was written, folders are made, nothing else is left', async () => {
    const image = { width, height, channels: 3, data: floats(bytes(3)) };
    const path = join(folder, 'maps', 'a.png');
    await writePng(path, image);
    expect(await readImage(path)).toEqual(image);
    expect(await readdir(join(folder, 'maps'))).toEqual(['a.png']);
  });

  test('masks go to 0 and 255 and come back, and class numbers count as defective', async () => {
    const mask = { width, height, data: bytes(1).map((value) => value & 1) };
    const path = join(folder, 'mask.png');
    await writePng(path, mask);
    expect(await readMask(path)).toEqual(mask);
    await writeFile(path, await encodePng({ width, height, channels: 1, data: mask.data.map((value) => 3 * value) }));
    expect(await readMask(path)).toEqual(mask);
  });

  test.each([
    ['red', [255, 0, 0]],
    ['green', [0, 255, 0]],
    ['the second colour of an index', [0, 128, 0]],
    ['the third', [0, 0, 1]],
  ])('a defect drawn in %s is one', async (_, colour) => {
    const mask = { width, height, data: bytes(1).map((value) => value & 1) };
    const path = join(folder, 'coloured.png');
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) =>
      mask.data[Math.floor(i / 3)] ? (colour[i % 3] as number) : 0,
    );
    await writeFile(path, await encodePng({ width, height, channels: 3, data }));
    expect(await readMask(path)).toEqual(mask);
  });

  test('a folder that cannot be made is one line', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(
      writePng(join(folder, 'file', 'a.png'), { width: 1, height: 1, data: new Uint8Array(1) }),
    ).rejects.toThrow(/a\.png: .*$/);
  });
});
