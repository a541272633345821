import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { currentDevice } from '@diffad/tensor-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { devices } from '../../../tensor-core/test/devices.ts';
import { withVariant } from '../../src/config/variants.ts';
import { fitFrame } from '../../src/image/letterbox.ts';
import { readImage } from '../../src/image/node/read-image.ts';
import {
  calibrate,
  createImage,
  createMask,
  DiffAD,
  evaluate,
  type Image,
  inspect,
  inspectAll,
  surfacePicture,
} from '../../src/index.ts';
import { judge, judgeAll } from '../../src/inspect/judge.ts';
import { addResult, beginResults } from '../../src/inspect/node/results.ts';
import { outputName, writeInspection } from '../../src/inspect/node/write-inspection.ts';
import { type ResultRow, resultLine } from '../../src/inspect/result-row.ts';
import { relativeError } from '../relative-error.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';
import { opinionated } from './opinionated.ts';

let model: DiffAD;
let picturesOf: (count: number, size: number) => Image[];
const folder = temporaryFolder();

beforeAll(async () => {
  await devices();
  model = opinionated(DiffAD.create(tinyConfig({ 'sampling.steps': 5 }), 3));
  picturesOf = (count, size) =>
    Array.from({ length: count }, (_, i) => surfacePicture(4, i, { surface: 'brushed', size }).image);
});
afterAll(() => model.dispose());

test('two runs give the same bits, and batches of one and of eight the same scores but for rounding', async () => {
  const pictures = picturesOf(8, 16);
  const [first, second] = [await judgeAll(model, pictures), await judgeAll(model, pictures)];
  const alone = await judgeAll(model, pictures, { batch: 1 });
  for (const [i, judged] of first.entries()) {
    expect(second[i]?.logit.data).toEqual(judged.logit.data);
    expect(second[i]?.score).toBe(judged.score);
    expect(Math.abs((alone[i]?.score as number) - judged.score)).toBeLessThan(1e-5);
    expect(relativeError(alone[i]?.logit.data ?? [], judged.logit.data)).toBeLessThan(1e-4);
  }
  expect(new Set(first.map(({ score }) => score)).size).toBe(8);
});

test('another seed is another start noise; more steps are other steps', async () => {
  const [picture] = picturesOf(1, 16) as [Image];
  const { logit } = await judge(model, picture);
  expect((await judge(model, picture, { seed: 1 })).logit.data).not.toEqual(logit.data);
  expect((await judge(model, picture, { steps: 2 })).logit.data).not.toEqual(logit.data);
});

test.each([
  [1, 1],
  [3, 40],
  [40, 24],
])('map, mask and boxes of a %ix%i picture are at its own size', async (width, height) => {
  const picture = createImage(width, height, 3);
  const found = await inspect(model, picture, { threshold: 0 });
  const { map, mask, boxes, verdict, score } = found;
  const { width: w, height: h } = fitFrame(picture, 16, 16);
  for (const redrawn of [found.reconstruction, found.interpolation])
    expect([redrawn?.width, redrawn?.height], 'without bars').toEqual([w, h]);
  expect([map.width, map.height, map.channels]).toEqual([width, height, 1]);
  expect([mask.width, mask.height]).toEqual([width, height]);
  expect(verdict).toBe('NG');
  expect(boxes).toEqual([{ x: 0, y: 0, width, height, area: width * height }]);
  expect(score).toBeGreaterThan(0);
  expect((await inspect(model, picture, { threshold: 1.1 })).boxes).toEqual([]);
});

test('windows judge a large picture at its own scale with memory that does not grow with it', async () => {
  const peakOf = async (width: number): Promise<number> => {
    const device = currentDevice();
    const found = await inspect(model, createImage(width, 20, 1), { tile: true, threshold: 0.5, steps: 1 });
    expect([found.map.width, found.map.height]).toEqual([width, 20]);
    return device.memory().liveBytes + device.memory().pooledBytes;
  };
  const small = await peakOf(80);
  expect(await peakOf(240)).toBe(small);
});

test('a window that covers the picture judges like the squeezed picture', async () => {
  const [picture] = picturesOf(1, 16) as [Image];
  const [whole, tiled] = [await judge(model, picture), await judge(model, picture, { tile: true })];
  expect(relativeError(tiled.logit.data, whole.logit.data)).toBeLessThan(1e-4);
});

test('a model without a threshold says so', async () => {
  await expect(inspect(model, createImage(16, 16, 3))).rejects.toThrow(
    'the model has no threshold; train it to the end',
  );
  await expect(inspectAll(model, [])).rejects.toThrow('no threshold');
});

test('grey pictures are judged like their colour copies', async () => {
  const grey = createImage(16, 16, 1);
  for (let i = 0; i < 256; i++) grey.data[i] = i / 255;
  const colour = createImage(16, 16, 3);
  for (let i = 0; i < 768; i++) colour.data[i] = Math.floor(i / 3) / 255;
  expect((await judge(model, grey)).score).toBe((await judge(model, colour)).score);
});

test('results, heat maps on one scale, masks and panels mirror relative paths, equal base names apart', async () => {
  const names = ['a/part.png', 'b/part.png', 'b/part.jpg'];
  expect(new Set(names.map(outputName)).size).toBe(3);
  expect(outputName('a\\..\\..\\part.png')).toBe('a\\..\\..\\part_png'); // a name like any other where slashes part folders
  const rows: ResultRow[] = [];
  const truth = createMask(20, 20);
  for (const [i, path] of names.entries()) {
    const [picture] = picturesOf(1, 20) as [Image];
    const found = await inspect(model, picture, { threshold: i === 0 ? 1.1 : 0 });
    await writeInspection(folder, path, picture, found, i === 1 ? truth : null);
    rows.push({ path, score: found.score, threshold: found.threshold, verdict: found.verdict, boxes: found.boxes });
  }
  await beginResults(folder);
  for (const row of rows) await addResult(folder, row);
  for (const kind of ['heatmaps', 'masks']) {
    const written = await readImage(join(folder, kind, 'b', 'part_jpg.png'));
    expect([written.width, written.height]).toEqual([20, 20]);
  }
  const [bare, known] = [
    await readImage(join(folder, 'panels', 'a', 'part_png.png')),
    await readImage(join(folder, 'panels', 'b', 'part_png.png')),
  ];
  expect(known.width).toBeGreaterThan(bare.width);
  const csv = readFileSync(join(folder, 'results.csv'), 'utf8').trim().split('\n');
  expect(csv).toHaveLength(4);
  expect(csv[0]).toMatch(/^path,score,threshold,verdict,/);
  expect(csv[1]).toMatch(/^a\/part\.png,0\.\d+,1\.1,OK,0,,,,,$/);
  expect(csv[2]).toMatch(/^b\/part\.png,0\.\d+,0,NG,1,0,0,20,20,400$/);
  const jsonl = readFileSync(join(folder, 'results.jsonl'), 'utf8').trim().split('\n');
  expect(jsonl.map((line) => JSON.parse(line))).toEqual(rows);
  expect(resultLine(rows[1] as ResultRow)).toMatch(/^NG 0\.\d{3} \(limit 0\.000\) 400 px at 0,0 {2}b\/part\.png$/);
});

test('evaluation counts per defect, says its mask rule, and needs both sorts', async () => {
  const labelled = (['good', 'good', 'scratch', 'spot'] as const).map((kind, i) => {
    const { image, mask } = surfacePicture(4, i, { surface: 'woven', size: 24, defect: kind === 'good' ? null : kind });
    return { path: `${kind}/${i}.png`, kind, image, mask };
  });
  const { evaluation, tested } = await evaluate(model, labelled, picturesOf(2, 16), { maskMode: 'diffad' });
  expect(evaluation.maskMode).toBe('diffad');
  expect(evaluation.perDefect.map(({ kind, pictures }) => [kind, pictures])).toEqual([
    ['scratch', 1],
    ['spot', 1],
  ]);
  for (const value of [evaluation.imageAuroc, evaluation.pixelAuroc, evaluation.pixelAp, evaluation.auPro]) {
    expect(value).toBeGreaterThanOrEqual(0);
    expect(value).toBeLessThanOrEqual(1);
  }
  expect([evaluation.threshold, evaluation.verdicts, evaluation.perDefect[0]?.found]).toEqual([null, null, null]);
  expect(tested).toHaveLength(4);
  const unmasked = { ...(labelled[3] as (typeof labelled)[3]), mask: null };
  const without = await evaluate(model, [...labelled.slice(0, 3), unmasked], picturesOf(2, 16), { maskMode: 'diffad' });
  const only = await evaluate(model, labelled.slice(0, 3), picturesOf(2, 16), { maskMode: 'diffad' });
  expect(without.evaluation.imageAuroc).toBe(evaluation.imageAuroc);
  for (const metric of ['pixelAuroc', 'pixelAp', 'auPro'] as const)
    expect(without.evaluation[metric], metric).toBe(only.evaluation[metric]);
  expect(without.evaluation.perDefect[1]).toMatchObject({ kind: 'spot', pictures: 1, pixelAp: null });
  await expect(evaluate(model, labelled.slice(0, 2), [], {})).rejects.toThrow('needs both labels');
});

test('the verdicts of an evaluation are those of inspection', async () => {
  const labelled = ['good', 'spot', 'scratch', 'good', 'spot'].map((kind, i) => {
    const defect = kind === 'good' ? null : (kind as 'spot');
    const { image, mask } = surfacePicture(4, i, { surface: 'woven', size: 24, defect });
    return { path: `${i}.png`, kind, image, mask };
  });
  const inspected = await inspectAll(
    model,
    labelled.map(({ image }) => image),
    { threshold: 0.5 },
  );
  for (const threshold of [0, ...inspected.map(({ score }) => score), 1]) {
    const rejected = (wanted: (kind: string) => boolean): number =>
      labelled.filter(({ kind }, i) => wanted(kind) && (inspected[i]?.score ?? 0) >= threshold).length;
    model.calibration = { ...calibrate([0.1, 0.2]), threshold };
    const { evaluation } = await evaluate(model, labelled, []);
    model.calibration = null;
    expect(evaluation.verdicts, String(threshold)).toEqual({
      good: 2,
      rejected: rejected((kind) => kind === 'good'),
      defective: 3,
      found: rejected((kind) => kind !== 'good'),
    });
    expect(evaluation.perDefect.map(({ kind, found }) => [kind, found])).toEqual(
      ['scratch', 'spot'].map((own) => [own, rejected((kind) => kind === own)]),
    );
  }
});

test('evaluation takes pictures from anything that yields them, eight ahead at most, and judges them alike', async () => {
  const labelled = Array.from({ length: 19 }, (_, i) => {
    const { image, mask } = surfacePicture(4, i, { surface: 'woven', size: 24, defect: i % 2 ? 'spot' : null });
    return { path: `${i}.png`, kind: i % 2 ? 'spot' : 'good', image, mask };
  });
  let [given, done, ahead] = [0, 0, 0];
  async function* oneByOne() {
    for (const one of labelled) {
      ahead = Math.max(ahead, ++given - done);
      yield one;
    }
  }
  const streamed = await evaluate(model, oneByOne(), picturesOf(2, 16), { onProgress: (count) => (done = count) });
  const { evaluation } = await evaluate(model, labelled, picturesOf(2, 16));
  expect([given, done, ahead]).toEqual([19, 19, 8]);
  expect({ ...streamed.evaluation, secondsPerImage: 0 }).toEqual({ ...evaluation, secondsPerImage: 0 });
});

const meanOf = ({ data }: Image): number => data.reduce((sum, value) => sum + value, 0) / data.length;

test('of a test picture remain its logits at its own scale and a redrawing small enough to look at', async () => {
  const labelled = (['good', 'spot'] as const).map((kind, i) => {
    const image = createImage(300, 20, 3);
    image.data.fill(0.5 * i);
    const mask = createMask(300, 20);
    mask.data.fill(i, 0, 9);
    return { path: `${i}.png`, kind, image, mask };
  });
  const { tested } = await evaluate(model, labelled, [], { tile: true, steps: 1 });
  for (const [i, { judged, mask }] of tested.entries()) {
    expect(Object.keys(judged)).toEqual(['score', 'logit', 'reconstruction', 'interpolation']);
    expect([judged.logit, mask].map(({ width, height }) => [width, height])).toEqual(Array(2).fill([300, 20]));
    const { image } = labelled[i] as (typeof labelled)[0];
    const { reconstruction } = await judge(model, image, { tile: true, steps: 1 });
    expect([reconstruction.width, reconstruction.height]).toEqual([300, 20]);
    expect([judged.reconstruction.width, judged.reconstruction.height]).toEqual([256, 17]);
    expect(meanOf(judged.reconstruction)).toBeCloseTo(meanOf(reconstruction), 3);
  }
});

test('the variants differ in what the UNet sees and what is compared', async () => {
  const x = picturesOf(1, 16);
  for (const [variant, unetInputs, pictures] of [
    ['dir', 4, 2],
    ['c', 8, 2],
    ['wo-inter', 8, 2],
    ['z-inter', 8, 3],
    ['full', 8, 3],
  ] as const) {
    const config = tinyConfig();
    const own = DiffAD.create(withVariant(config, variant)).eval();
    expect(own.unet.namedParameters()['input_blocks.0.0.weight']?.shape[2]).toBe(unetInputs);
    expect(own.discriminator.namedParameters()['encoder_segment.block1.0.weight']?.shape[2]).toBe(3 * pictures);
    const [judged] = await judgeAll(own, x);
    expect(judged?.interpolation === null).toBe(pictures === 2);
    own.dispose();
  }
  expect(model.latentShape).toEqual([8, 8, 4]);
});
