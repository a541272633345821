import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { appendFile, cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadSafetensors } from '@diffad/nn';
import { beforeAll, expect, test, vi } from 'vitest';
import { devices } from '../../../tensor-core/test/devices.ts';
import { readImage } from '../../src/image/node/read-image.ts';
import { writePng } from '../../src/image/node/write-png.ts';
import { calibrate, checkGolden, DiffAD, fit, Interrupted, loadModel } from '../../src/index.ts';
import { judge } from '../../src/inspect/judge.ts';
import { evaluateOn } from '../../src/run/node/evaluate-run.ts';
import { replaceCalibration } from '../../src/run/node/replace-calibration.ts';
import { RunFolder } from '../../src/run/node/run-folder.ts';
import { type Estimate, resumeRun, startRun } from '../../src/run/node/train-run.ts';
import type { RunSettings } from '../../src/run/run-settings.ts';
import { writeSurfaces } from '../../src/surfaces/node/write-surfaces.ts';
import { relativeError } from '../relative-error.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';

/** Whole runs on an adapter that may be slow and shared. */
vi.setConfig({ testTimeout: 400_000, hookTimeout: 400_000 });

const folder = temporaryFolder();
const data = join(folder, 'data');
const run = join(folder, 'run');
const settings: RunSettings = { version: 1, data, textures: null, seed: 5, config: tinyConfig() };
const modelOf = (path: string): Buffer => readFileSync(join(path, 'model.safetensors'));

const weightsOf = async (path: string) => (await loadSafetensors(join(path, 'model.safetensors'))).tensors;

/** Stops once the stage reports its end. */
async function stoppedAfter(path: string, stage: string): Promise<Error> {
  const stop = new AbortController();
  const started = startRun(path, settings, {
    signal: stop.signal,
    onProgress: (progress) => {
      if (progress.stage === stage && progress.step === progress.steps) stop.abort();
    },
  });
  return started.then(
    () => new Error('was not stopped'),
    (error: Error) => error,
  );
}

beforeAll(async () => {
  await devices();
  await writeSurfaces(data, { surfaces: ['woven'], size: 32, train: 8, good: 2, perDefect: 1 });
  (await startRun(run, settings)).dispose();
});

test('a run folder says everything of its run', async () => {
  expect(readdirSync(run).sort()).toEqual([
    'checkpoints',
    'config.json',
    'environment.json',
    'metrics.jsonl',
    'model.safetensors',
    'previews',
    'split.json',
  ]);
  const opened = await RunFolder.open(run);
  expect(opened.settings).toEqual(settings);
  expect(readdirSync(join(run, 'checkpoints')).sort()).toEqual(['latest.json', 'segment-3.safetensors']);
  expect(readdirSync(join(run, 'previews')).sort()).toEqual(['diffusion-3.png', 'segment-3.png', 'vae-3.png']);
  const environment = JSON.parse(readFileSync(join(run, 'environment.json'), 'utf8'));
  expect(environment).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
    commit: expect.stringMatching(/^[0-9a-f]{7,}(, with changes)?$/),
    adapter: expect.stringMatching(/./),
  });
  const split = JSON.parse(readFileSync(join(run, 'split.json'), 'utf8')) as Record<'train' | 'heldOut', string[]>;
  expect(split.heldOut).toHaveLength(2);
  expect([...split.train, ...split.heldOut].sort()).toEqual(
    Array.from({ length: 8 }, (_, i) => `train/good/woven-00${i}.png`),
  );
});

test('gauges: copies of held-out normals, loss by timestep, precision on simulated defects', async () => {
  const records = await (await RunFolder.open(run)).metrics();
  expect(records.map(({ stage, step }) => `${stage} ${step}`)).toEqual(['vae 3', 'diffusion 3', 'segment 3']);
  const [vae, diffusion, segment] = records as [(typeof records)[0], (typeof records)[0], (typeof records)[0]];
  for (const { loss } of records) expect(loss).toBeGreaterThan(0);
  expect(vae.psnr).toBeGreaterThan(0);
  expect(diffusion.psnr).toBeGreaterThan(0);
  const bins = Object.keys(diffusion).filter((name) => name.startsWith('epsilonLoss'));
  expect(bins).toEqual(['300-439', '440-579', '580-719', '720-859', '860-999'].map((bin) => `epsilonLoss ${bin}`));
  // An untrained network that predicts v = 0 errs by ᾱ in the noise, which falls with t.
  expect(diffusion['epsilonLoss 300-439']).toBeGreaterThan(diffusion['epsilonLoss 860-999'] as number);
  expect(segment.pixelAp).toBeGreaterThan(0);
});

test('the model is calibrated on held-out normals and checks itself by its golden picture', async () => {
  const model = await loadModel(run);
  expect(model.calibration?.scores).toHaveLength(2);
  expect(model.calibration?.threshold).toBeGreaterThan(Math.max(...(model.calibration?.scores ?? [])));
  expect((model as DiffAD).usualDifference).toBeGreaterThan(0);
  const check = await checkGolden(model);
  expect(check).toMatchObject({ agrees: true });
  expect(check?.found).toBeCloseTo(check?.expected ?? Number.NaN, 6);
  model.dispose();
});

test('pictures in memory, or read when they are wanted, make the same model, to the bit', async () => {
  const names = readdirSync(join(data, 'train', 'good')).sort();
  const pictures = await Promise.all(names.map((name) => readImage(join(data, 'train', 'good', name))));
  const mixed = pictures.map((picture, i) => (i % 2 ? picture : async () => picture));
  const [there, here] = [await loadModel(run), await fit(mixed, { config: settings.config, seed: settings.seed })];
  expect(here.calibration).toEqual(there.calibration);
  expect(here.golden).toEqual(there.golden);
  for (const [k, [, network]] of here.networks.entries())
    for (const [i, weight] of network.parameters().entries())
      expect(await weight.read()).toEqual(await there.networks[k]?.[1].parameters()[i]?.read());
  here.dispose();
  there.dispose();
  await expect(fit(pictures.slice(0, 2), { config: settings.config })).rejects.toThrow(
    'fit: needs 3 normal pictures at least, got 2',
  );
});

test('a region of interest is part of the model, of a run as of pictures in memory', async () => {
  const path = join(folder, 'region');
  const region = { width: 8, height: 8, data: Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 5 ? 1 : 0)) };
  await writePng(`${path}.png`, region);
  const trained = await startRun(path, { ...settings, region: `${path}.png` });
  const names = readdirSync(join(data, 'train', 'good')).sort();
  const pictures = names.map((name) => () => readImage(join(data, 'train', 'good', name)));
  const [loaded, whole] = [await loadModel(path), await loadModel(run)];
  const fitted = await fit(pictures, { config: settings.config, seed: settings.seed, region });
  for (const model of [trained, loaded, fitted]) {
    expect(model.region).toEqual(region);
    expect(model.calibration).toEqual(trained.calibration);
    expect(model.calibration?.scores).not.toEqual(whole.calibration?.scores);
  }
  for (const model of [trained, loaded, fitted, whole]) model.dispose();
});

test('a stopped run says where, resumes to the same model, and writes no metrics line twice', async () => {
  const path = join(folder, 'stopped');
  const error = await stoppedAfter(path, 'diffusion');
  expect(error).toBeInstanceOf(Interrupted);
  expect(error.message).toBe('stopped in stage diffusion at step 3 of 3');
  expect(existsSync(join(path, 'model.safetensors'))).toBe(false);
  const future = { stage: 'segment', step: 2, seconds: 1, loss: 0.5 };
  await appendFile(join(path, 'metrics.jsonl'), `${JSON.stringify(future)}\n{"stage":"segm`);
  (await resumeRun(path)).dispose();
  expect(modelOf(path).equals(modelOf(run))).toBe(true);
  const records = await (await RunFolder.open(path)).metrics();
  expect(records.map(({ stage, step }) => `${stage} ${step}`)).toEqual(['vae 3', 'diffusion 3', 'segment 3']);
  const again = (await RunFolder.open(run)).metrics();
  expect(records.map(({ seconds, ...rest }) => rest)).toEqual((await again).map(({ seconds, ...rest }) => rest));
});

test('a run that ended before its first checkpoint begins anew, and writes no metrics line twice', async () => {
  const path = join(folder, 'early');
  await cp(run, path, { recursive: true });
  await rm(join(path, 'checkpoints'), { recursive: true });
  await appendFile(join(path, 'metrics.jsonl'), '{"stage":"va');
  (await resumeRun(path)).dispose();
  expect(modelOf(path).equals(modelOf(run))).toBe(true);
  const records = await (await RunFolder.open(path)).metrics();
  expect(records.map(({ stage, step }) => `${stage} ${step}`)).toEqual(['vae 3', 'diffusion 3', 'segment 3']);
});

test('a finished run that is resumed ends at once with the same model, and the threshold it was given since', async () => {
  const path = join(folder, 'copy');
  await cp(run, path, { recursive: true });
  (await resumeRun(path)).dispose();
  expect(modelOf(path).equals(modelOf(run))).toBe(true);
  const given = { ...calibrate([0.3, 0.4]), given: true };
  await replaceCalibration(path, given);
  const resumed = await resumeRun(path);
  expect(resumed.calibration).toEqual(given);
  const loaded = await loadModel(path);
  expect(loaded.calibration).toEqual(given);
  loaded.dispose();
  resumed.dispose();
});

test('a run whose pictures are no longer the same is not resumed, and keeps its split', async () => {
  const path = join(folder, 'changed');
  await cp(run, path, { recursive: true });
  const split = JSON.parse(await readFile(join(path, 'split.json'), 'utf8')) as Record<string, string[]>;
  const begun = JSON.stringify({ ...split, train: ['train/good/gone.png', ...(split.train ?? [])] });
  await writeFile(join(path, 'split.json'), begun);
  await expect(resumeRun(path)).rejects.toThrow(
    `${data}: holds 8 normal pictures, the run was begun with 9: 1 missing (train/good/gone.png); make the folder what it was, or train anew`,
  );
  expect(await readFile(join(path, 'split.json'), 'utf8')).toBe(begun);
  expect(modelOf(path).equals(modelOf(run))).toBe(true);
});

test('time and memory are estimated before the run starts, and steps fit the budget', async () => {
  const estimates: Estimate[] = [];
  const long = { ...settings, config: tinyConfig({ 'training.vae.steps': 100_000, 'training.diffusion.steps': 0 }) };
  const stop = new AbortController();
  const path = join(folder, 'budget');
  await expect(
    startRun(path, long, {
      budget: 1,
      signal: stop.signal,
      onEstimate: (estimate) => {
        estimates.push(estimate);
        stop.abort();
      },
    }),
  ).rejects.toThrow(Interrupted);
  const [{ stages, peakBytes }] = estimates as [Estimate];
  expect(stages.map(({ stage }) => stage)).toEqual(['vae', 'diffusion', 'segment']);
  expect(stages[0]?.steps).toBeLessThan(100_000);
  expect(stages.map(({ steps, seconds }) => [steps > 0, seconds > 0])).toEqual(
    [true, false, true].map((is) => [is, is]),
  );
  expect(peakBytes).toBeGreaterThan(0);
  expect((await RunFolder.open(path)).settings.config.training.vae.steps).toBe(stages[0]?.steps);
});

test('the baseline, on windows at native scale, blue before red, with textures from a folder; another run starts from it', async () => {
  const path = join(folder, 'windows');
  const config = tinyConfig({ method: 'draem', patch: { overlap: 0.25 }, channelOrder: 'bgr' });
  const model = await startRun(path, { ...settings, config, textures: join(data, 'test') });
  expect(await checkGolden(model)).toMatchObject({ agrees: true });
  const { evaluation, tested } = await evaluateOn(model, data);
  expect(evaluation.control).toBeNull();
  expect(evaluation.perDefect.map(({ kind }) => kind)).toEqual(['missing', 'scratch', 'spot']);
  for (const { mask, judged } of tested)
    expect([judged.logit.width, judged.logit.height, mask.width, mask.height]).toEqual([32, 32, 32, 32]);
  const [first] = tested as [(typeof tested)[0]];
  const seen = await readImage(join(data, first.path));
  expect(relativeError((await judge(model, seen)).picture.data, seen.data)).toBeLessThan(1e-6);
  model.dispose();
  const kept = join(folder, 'windows-kept');
  const untrained = { ...config, draem: { ...config.draem, steps: 0 } };
  (await startRun(kept, { ...settings, seed: 6, config: untrained, from: path })).dispose();
  expect(await weightsOf(kept)).toEqual(await weightsOf(path));
});

test('a run can start from another’s autoencoder: kept as it is at no steps, otherwise trained on', async () => {
  const vaeOf = async (path: string) => {
    const { tensors } = await loadSafetensors(join(path, 'model.safetensors'));
    return Object.entries(tensors).filter(([name]) => name.startsWith('vae.'));
  };
  const begun = { ...settings, seed: 6, autoencoder: run };
  const [kept, tuned] = [join(folder, 'kept'), join(folder, 'tuned')];
  (await startRun(kept, { ...begun, config: tinyConfig({ 'training.vae.steps': 0 }) })).dispose();
  expect(await vaeOf(kept)).toEqual(await vaeOf(run));
  (await startRun(tuned, begun)).dispose();
  expect(await vaeOf(tuned)).not.toEqual(await vaeOf(run));
  expect((await RunFolder.open(tuned)).settings.autoencoder).toBe(run);
  const wider = tinyConfig({ 'autoencoder.channels': 8, 'autoencoder.groups': 4 });
  await expect(startRun(join(folder, 'wider'), { ...begun, config: wider })).rejects.toThrow(
    /^.+run: its autoencoder\.channels is 4, this run's 8; train with --set autoencoder\.channels=4$/,
  );
  const baseline = tinyConfig({ method: 'draem' });
  await expect(startRun(join(folder, 'wider'), { ...begun, config: baseline })).rejects.toThrow(
    /^method draem has no autoencoder to start from .+run; leave --autoencoder out$/,
  );
  expect(existsSync(join(folder, 'wider'))).toBe(false);
});

test('a run can start from all networks of another: kept as they are at no steps, otherwise trained on', async () => {
  const begun = { ...settings, seed: 6, from: run };
  const [kept, tuned] = [join(folder, 'all-kept'), join(folder, 'all-tuned')];
  const none = { 'training.vae.steps': 0, 'training.diffusion.steps': 0, 'training.segment.steps': 0 };
  const model = await startRun(kept, { ...begun, config: tinyConfig(none) });
  const original = await DiffAD.load(run);
  expect((model as DiffAD).latentScale).toBe(original.latentScale);
  for (const one of [model, original]) one.dispose();
  expect(await weightsOf(kept)).toEqual(await weightsOf(run));
  (await startRun(tuned, begun)).dispose();
  const [before, after] = [await weightsOf(run), await weightsOf(tuned)];
  const part = (tensors: typeof before, network: string) =>
    Object.entries(tensors).filter(([name]) => name.startsWith(network));
  for (const network of ['vae.', 'unet.', 'seg.']) expect(part(after, network)).not.toEqual(part(before, network));
  expect((await RunFolder.open(tuned)).settings.from).toBe(run);
  const wider = tinyConfig({ 'unet.channels': 8, 'unet.groups': 4 });
  await expect(startRun(join(folder, 'wider'), { ...begun, config: wider })).rejects.toThrow(
    /^.+run: its unet\.channels is 4, this run's 8; train with --set unet\.channels=4$/,
  );
  await expect(startRun(join(folder, 'wider'), { ...begun, config: tinyConfig({ method: 'draem' }) })).rejects.toThrow(
    /^.+run: was trained with method "diffad", this run uses "draem"$/,
  );
});

test('a loss that is no number ends the run by name and keeps the last good checkpoint', async () => {
  const path = join(folder, 'diverged');
  const config = tinyConfig({ 'training.diffusion.learningRate': 1e30, 'training.diffusion.steps': 12 });
  await expect(startRun(path, { ...settings, config })).rejects.toThrow(
    /^diffusion: the loss is (NaN|Infinity) at step \d+; lower training\.diffusion\.learningRate and train again$/,
  );
  expect(readdirSync(join(path, 'checkpoints'))).toContain('vae-3.safetensors');
});

test('folders that hold no run, another run, a damaged or a foreign one', async () => {
  const { open, mustBeFree } = RunFolder;
  await expect(mustBeFree(run)).rejects.toThrow(`${run}: already holds a run; continue it with --resume ${run}`);
  await expect(open(data)).rejects.toThrow(`${data}: holds no run (config.json is missing)`);
  const path = join(folder, 'damaged');
  await cp(run, path, { recursive: true });
  const file = join(path, 'config.json');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace('"version": 1', '"version": 9'));
  await expect(open(path)).rejects.toThrow(`${file}: version 9 of the run folder, this program reads version 1`);
  await writeFile(file, text.slice(0, 100));
  await expect(open(path)).rejects.toThrow(`${file}: is not JSON; the run folder is damaged`);
  await writeFile(file, text.replace('"size": 16', '"size": 17'));
  await expect(open(path)).rejects.toThrow(/config\.json: size: 17 is not a multiple of 2/);
  await expect(mustBeFree(join(file, 'run'))).rejects.toThrow(`${file}: is a file, not a folder`);
  await expect(loadModel(data)).rejects.toThrow('model.safetensors: does not exist; a run has its model once');
});
