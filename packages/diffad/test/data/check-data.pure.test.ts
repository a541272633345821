import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { describeReport, describeRoles } from '../../src/data/describe-report.ts';
import { checkData } from '../../src/data/node/check-data.ts';
import { loadSamples, readSamples } from '../../src/data/node/load-samples.ts';
import { mapFiles } from '../../src/data/node/map-files.ts';
import { openDataset } from '../../src/data/node/open-dataset.ts';
import { recognise } from '../../src/data/recognise.ts';
import { writePng } from '../../src/image/node/write-png.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const folder = temporaryFolder();

/** A flat grey picture, its brightness told apart by `level`. */
const picture = (root: string, path: string, level: number, [width, height] = [20, 20]) =>
  writePng(join(folder, root, path), {
    width: width as number,
    height: height as number,
    channels: 1,
    data: new Uint8Array((width as number) * (height as number)).fill(level),
  });

async function file(root: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, root, path)), { recursive: true });
  await writeFile(join(folder, root, path), text);
}

async function goodParts(root: string): Promise<void> {
  const paths = ['train/good/0.png', 'train/good/1.png', 'train/good/z.png', 'test/good/0.png', 'test/dent/0.png'];
  for (const [i, path] of paths.entries()) await picture(root, path, 40 + i);
  await picture(root, 'ground_truth/dent/0_mask.png', 255);
}

test('a sound data set has no problems, and its report counts everything', async () => {
  await goodParts('sound');
  await file('sound', 'train/good/.hidden.png', 'no picture');
  const report = await checkData(join(folder, 'sound'));
  expect(report).toEqual({
    root: join(folder, 'sound'),
    layout: 'MVTec-AD',
    counts: { train: 3, test: 2, masks: 1, unused: 0 },
    kinds: { dent: 1, good: 1 },
    sizes: [{ width: 20, height: 20, pictures: 5 }],
    encodings: [{ bitDepth: 8, channels: 1, pictures: 5 }],
    notes: [],
    problems: [],
  });
  expect(describeReport(report)).toContain('test   2 pictures: dent 1, good 1');
});

test('every fault is one line that names its file, errors first', async () => {
  await goodParts('faulty');
  await file('faulty', 'train/good/2.png', 'not a picture');
  await picture('faulty', 'train/good/3.png', 90, [1, 1]);
  await picture('faulty', 'test/good/copy.png', 40);
  await picture('faulty', 'test/dent/nomask.png', 91);
  await picture('faulty', 'test/hole/wide.png', 92, [800, 200]);
  await picture('faulty', 'ground_truth/hole/wide_mask.png', 255, [200, 800]);
  await picture('faulty', 'test/hole/empty.png', 93);
  await picture('faulty', 'ground_truth/hole/empty_mask.png', 0);
  await picture('faulty', 'ground_truth/hole/orphan_mask.png', 255);
  const { problems } = await checkData(join(folder, 'faulty'));
  expect(problems.map(({ severity, path, message }) => `${severity} ${path}: ${message}`)).toEqual([
    'error train/good/2.png: is not a whole PNG, JPEG, BMP, TIFF or WebP picture',
    'error train/good/3.png: 1x1 px is too small; both sides must have 16 at least',
    'error ground_truth/hole/wide_mask.png: 200x800 px, but test/hole/wide.png is 800x200',
    'error test/good/copy.png: the same picture as train/good/0.png: it is learnt from and tested on',
    'warning test/dent/nomask.png: no mask: it counts for image metrics, not for pixel metrics',
    'warning ground_truth/hole/empty_mask.png: marks nothing in test/hole/empty.png',
    'warning ground_truth/hole/orphan_mask.png: a mask without its picture',
  ]);
});

test('loading ends at the first bad file with its name', async () => {
  await goodParts('load');
  const root = join(folder, 'load');
  const { test: samples } = await openDataset(root);
  const sizes = await loadSamples(root, samples, ({ image, mask }) => [image.width, mask?.data[0] ?? null]);
  expect(sizes).toEqual([
    [20, 1],
    [20, null],
  ]);
  await picture('load', 'ground_truth/dent/0_mask.png', 255, [10, 20]);
  await expect(loadSamples(root, samples, () => null)).rejects.toThrow('10x20 px, but test/dent/0.png is 20x20');
  await file('load', 'test/dent/0.png', '');
  await expect(loadSamples(root, samples, () => null)).rejects.toThrow(/0\.png: is empty$/);
});

test('a failure among many files ends the reading of all', async () => {
  let begun = 0;
  const reading = mapFiles([...Array(1000).keys()], async (i) => {
    begun++;
    await setImmediate();
    if (i === 5) throw new Error('the sixth');
  });
  await expect(reading).rejects.toThrow('the sixth');
  for (let turn = 0; turn < 50; turn++) await setImmediate();
  expect(begun).toBeLessThan(16);
});

test('samples that are gone through are read anew, and at most eight are held', async () => {
  for (let i = 0; i < 20; i++) await picture('many', `${i}.png`, i);
  const root = join(folder, 'many');
  const { train } = await openDataset(root);
  let read = 0;
  const values = readSamples(
    root,
    train,
    ({ image }) => [++read, Math.round((image.data[0] as number) * 255)] as const,
  );
  const passes: number[][] = [[], []];
  for (const [pass, seen] of passes.entries())
    for await (const [, value] of values) {
      expect(read - 20 * pass - seen.push(value)).toBeLessThan(8);
    }
  expect(passes[0]).toEqual(train.map(({ path }) => Number.parseInt(path, 10)));
  expect(passes[1]).toEqual(passes[0]);
  expect(read).toBe(40);
});

test('VisA: one folder of the download finds its split in the folder above', async () => {
  const rows = ['object,split,label,image,mask'];
  for (const [i, split] of ['train', 'train', 'train', 'test'].entries()) {
    await picture('visa', `candle/Data/Images/Normal/${i}.png`, 10 + i);
    rows.push(`candle,${split},normal,candle/Data/Images/Normal/${i}.png,`);
  }
  await picture('visa', 'candle/Data/Images/Anomaly/0.png', 20);
  await picture('visa', 'candle/Data/Masks/Anomaly/0.png', 1);
  rows.push('candle,test,anomaly,candle/Data/Images/Anomaly/0.png,candle/Data/Masks/Anomaly/0.png');
  rows.push('pcb1,train,normal,pcb1/Data/Images/Normal/0.png,');
  await file('visa', 'split_csv/1cls.csv', rows.join('\n'));
  const { layout, counts, problems } = await checkData(join(folder, 'visa', 'candle'));
  expect({ layout, counts, problems }).toEqual({
    layout: 'VisA',
    counts: { train: 3, test: 2, masks: 1, unused: 0 },
    problems: [],
  });
  await expect(checkData(join(folder, 'visa'))).rejects.toThrow('holds 2 data sets; choose one: candle, pcb1');
});

test('no folder, an empty folder, one picture', async () => {
  await expect(checkData(join(folder, 'none'))).rejects.toThrow(/none: does not exist$/);
  await file('empty', 'readme.txt', '');
  await expect(checkData(join(folder, 'empty'))).rejects.toThrow('empty: no pictures in it');
  await picture('single', 'a.png', 1);
  const { problems } = await checkData(join(folder, 'single'));
  expect(problems[0]).toMatchObject({ severity: 'error', message: expect.stringMatching(/^only 1 normal picture/) });
});

test('a run says what it takes a folder for: layout, pictures by role, notes', async () => {
  await goodParts('roles');
  await picture('roles', 'elsewhere/0.png', 50);
  const root = join(folder, 'roles');
  const dataset = await openDataset(root);
  expect(describeRoles(root, { ...dataset, notes: ['a note'] }, 2)).toEqual([
    `data: ${root}: MVTec-AD; normal: 1 to learn from, 2 held out; test: dent 1, good 1; unused 1, see diffad data check`,
    'note: a note',
  ]);
  const plain = recognise({ root: 'parts', files: ['a.png', 'b.png', 'c.png'], split: null });
  expect(describeRoles('parts', plain, 2)).toEqual([
    'data: parts: plain folder; normal: 1 to learn from, 2 held out; test: none',
    'note: a plain folder: every picture counts as normal',
  ]);
});
