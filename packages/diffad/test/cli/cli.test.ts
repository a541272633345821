import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSafetensors } from '@diffad/nn';
import { beforeAll, expect, test, vi } from 'vitest';
import { calibrate } from '../../src/index.ts';
import { writeSurfaces } from '../../src/surfaces/node/write-surfaces.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig } from '../train/tiny.ts';
import { type Answer, complaint, diffad, npmRunDiffad } from './diffad.ts';

/** Every command is a process that opens an adapter of its own. */
vi.setConfig({ testTimeout: 400_000, hookTimeout: 900_000 });

const folder = temporaryFolder();
const at = (...parts: string[]): string => join(folder, ...parts);
const json = <T>({ stdout }: Answer): T => JSON.parse(stdout) as T;

let interrupted: Answer;
let resumed: Answer;

/** One run for all tests: trained until Ctrl-C, then resumed. */
beforeAll(async () => {
  await writeSurfaces(at('data'), { surfaces: ['woven'], size: 32, train: 6, good: 2, perDefect: 1 });
  const { preset, ...values } = tinyConfig({ 'training.vae.steps': 500 });
  writeFileSync(at('config.json'), JSON.stringify(values));
  const args = ['train', at('data'), '--out', at('run'), '--preset', 'tiny', '--config', at('config.json')];
  let asked = false;
  interrupted = await npmRunDiffad(args, ({ pid = Number.NaN }, said) => {
    if (asked || !/vae .*\/500/.test(said)) return;
    asked = true;
    process.kill(-pid, 'SIGINT');
  });
  const config = JSON.parse(readFileSync(at('run', 'config.json'), 'utf8'));
  config.config.training.vae.steps = 20; // the rest would take long and show nothing new
  writeFileSync(at('run', 'config.json'), JSON.stringify(config));
  resumed = await diffad(['train', '--resume', at('run'), '--json']);
});

test('Ctrl-C saves, prints the command that goes on, and that goes on to a model', () => {
  expect(interrupted.code).toBe(2);
  expect(interrupted.stdout).toBe('');
  expect(interrupted.stderr).toMatch(/^adapter: .+ \(.+\)$/m);
  const roles = `data: ${at('data')}: MVTec-AD; normal: 4 to learn from, 2 held out; test: good 2, missing 1, scratch 1, spot 1`;
  for (const { stderr } of [interrupted, resumed]) expect(stderr.split('\n')).toContain(roles);
  expect(interrupted.stderr).toMatch(/^estimate: .+ \(vae 500 steps .+\), \d+ MiB of tensors at the peak$/m);
  expect(interrupted.stderr).toMatch(/^vae +#*\.* \d+\/500 {2}loss \d+\.\d+ {2}[\d.]+ img\/s {2}\d+ MiB {2}.+ left$/m);
  expect(interrupted.stderr).toContain(`of 500; go on with: diffad train --resume ${at('run')}`);
  expect(resumed.code, resumed.stderr).toBe(0);
  expect(json(resumed)).toEqual({ run: at('run'), threshold: expect.any(Number) });
});

test('a stage of a run that is done has nothing to do, and the run has its threshold', async () => {
  const again = await diffad(['train', '--resume', at('run'), '--stage', 'vae', '--json']);
  expect(again.code, again.stderr).toBe(0);
  expect(json(again)).toEqual(json(resumed));
});

test('inspect: one line or one JSON document, exit code 3 for a defect and 0 for none', async () => {
  const bad = await diffad([
    'inspect',
    at('data', 'test'),
    '--model',
    at('run'),
    '--threshold',
    '0',
    '--json',
    '--out',
    at('out'),
  ]);
  expect(bad.code).toBe(3);
  const rows = json<Record<string, unknown>[]>(bad);
  expect(rows).toHaveLength(5);
  for (const row of rows) expect(Object.keys(row)).toEqual(['path', 'score', 'threshold', 'verdict', 'boxes']);
  expect(rows.map(({ path }) => path)).toContain('good/woven-000.png');
  expect(readdirSync(at('out')).sort()).toEqual(['heatmaps', 'masks', 'panels', 'results.csv', 'results.jsonl']);
  expect(existsSync(at('out', 'heatmaps', 'scratch', 'woven-000_png.png'))).toBe(true);
  writeFileSync(at('broken.png'), 'no picture');
  mkdirSync(at('twin', 'good'), { recursive: true });
  writeFileSync(at('twin', 'good', 'woven-000.png'), readFileSync(at('data', 'test', 'good', 'woven-000.png')));
  const paths = [at('data', 'test', 'good'), at('twin', 'good'), at('broken.png')];
  const mixed = await diffad(['inspect', ...paths, '--model', at('run'), '--threshold', '1.5']);
  expect(mixed.code).toBe(2);
  expect(complaint(mixed)).toEqual([
    `error: ${at('broken.png')}: is not a whole PNG, JPEG, BMP, TIFF or WebP picture`,
    '3 pictures, 0 with defects, 1 could not be read',
  ]);
  const lines = mixed.stdout.trim().split('\n');
  expect(lines.map((line) => line.split('  ')[1])).toEqual([
    'data/test/good/woven-000.png',
    'data/test/good/woven-001.png',
    'twin/good/woven-000.png',
  ]);
  for (const line of lines) expect(line).toMatch(/^OK 0\.\d{3} \(limit 1\.500\) {2}/);
  const good = await diffad(['inspect', at('twin'), '--model', at('run'), '--threshold', '1.5']);
  expect(good.code).toBe(0);
  const pattern = await diffad([
    'inspect',
    at('data', 'test', '**', '*-000.png'),
    '--model',
    at('run'),
    '--threshold',
    '1.5',
    '--json',
  ]);
  expect(json<{ path: string }[]>(pattern).map(({ path }) => path)).toEqual(
    ['good', 'missing', 'scratch', 'spot'].map((kind) => `${kind}/woven-000.png`),
  );
});

test('an inspection that ends early leaves the rows of what it judged, and says that its limit was chosen otherwise', async () => {
  mkdirSync(at('early', 'heatmaps'), { recursive: true });
  writeFileSync(at('early', 'heatmaps', 'scratch'), 'in the way of a folder');
  const ended = await diffad(['inspect', at('data', 'test'), '--model', at('run'), '--tile', '--out', at('early')]);
  expect(ended.code).toBe(2);
  expect(complaint(ended)).toEqual([
    expect.stringMatching(/^the limit \d\.\d{3} was chosen without --tile; /),
    expect.stringMatching(/^error: .+scratch.+: a file stands where a folder is needed$/),
  ]);
  const judged = ['good/woven-000.png', 'good/woven-001.png', 'missing/woven-000.png'];
  const [csv, jsonl] = ['results.csv', 'results.jsonl'].map((name) =>
    readFileSync(at('early', name), 'utf8').trim().split('\n'),
  ) as [string[], string[]];
  expect(csv.slice(1).map((line) => line.split(',')[0])).toEqual(judged);
  expect(jsonl.map((line) => JSON.parse(line).path)).toEqual(judged);
});

test('inspect --watch judges what lies in a folder and what comes, until Ctrl-C', async () => {
  const [line, out] = [at('line'), at('line', 'found')];
  cpSync(at('data', 'test', 'good', 'woven-000.png'), join(line, 'first.png'));
  const args = ['inspect', line, '--model', at('run'), '--out', out, '--threshold', '0', '--watch'];
  const watched = await npmRunDiffad(args, ({ pid = Number.NaN }, said) => {
    if (!existsSync(join(line, 'second.png')) && said.includes('  first.png'))
      cpSync(at('data', 'test', 'good', 'woven-001.png'), join(line, 'second.png'));
    if (said.includes('  second.png') && !said.includes('stopping')) process.kill(-pid, 'SIGINT');
  });
  expect(watched.code, watched.stderr).toBe(3);
  expect(watched.stderr).toMatch(
    /watching .+line; Ctrl-C ends\n.*stopping after these pictures.*2 pictures, 2 with defects\n$/s,
  );
  expect(readFileSync(join(out, 'results.csv'), 'utf8').match(/^\w+\.png/gm)).toEqual(['first.png', 'second.png']);
  const several = await diffad(['inspect', line, at('data'), '--model', at('run'), '--watch']);
  expect([several.code, complaint(several)]).toEqual([2, [expect.stringContaining('--watch takes one folder, got')]]);
});

test('evaluate --json has every figure, report writes one page that loads nothing', async () => {
  const evaluated = await diffad(['evaluate', at('data'), '--model', at('run'), '--json', '--mask-mode', 'nearest']);
  expect(evaluated.code, evaluated.stderr).toBe(0);
  expect(Object.keys(json<object>(evaluated))).toEqual(
    expect.arrayContaining([
      'imageAuroc',
      'pixelAuroc',
      'pixelAp',
      'auPro',
      'bestF1',
      'threshold',
      'maskMode',
      'perDefect',
      'secondsPerImage',
    ]),
  );
  expect(json(evaluated)).toMatchObject({
    maskMode: 'nearest',
    verdicts: { good: 2, defective: 3 },
    perDefect: [{ kind: 'missing' }, {}, {}],
  });
  expect(evaluated.stderr).toContain('held-out normal pictures, never from the test set');
  const reported = await diffad(['report', at('run')]);
  expect(reported.code, reported.stderr).toBe(0);
  const page = readFileSync(at('run', 'report.html'), 'utf8');
  expect(page.match(/(src|href)="(?!data:)[^"]*"|url\((?!#|data:)|@import|fetch\(/g)).toBeNull();
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(6);
  expect(page).toContain('src="data:image/png;base64,');
  const panels = [...page.matchAll(/<figure><img src="data:image\/png;base64,([^"]+)"/g)];
  const widths = panels.map(([, png = '']) => Buffer.from(png, 'base64').readUInt32BE(16));
  expect(widths, 'good and bad ones below each other').toEqual(Array(5).fill(widths[0]));
});

test('calibrate takes good pictures that training did not see, or another rate, and refuses those it saw', async () => {
  cpSync(at('run'), at('rated'), { recursive: true });
  const model = ['--model', at('rated')];
  const seen = await diffad(['calibrate', at('data', 'train', 'good'), ...model]);
  expect([seen.code, seen.stdout]).toEqual([2, '']);
  expect(seen.stderr).toMatch(
    /rated: was trained on 4 of the 6 pictures, first .+\.png; they score too low, name good/,
  );
  const inspected = await diffad(['inspect', at('data', 'test', 'good'), ...model, '--json']);
  const scores = json<{ score: number }[]>(inspected).map(({ score }) => score);
  const given = await diffad(['calibrate', at('data', 'test', 'good'), ...model, '--alarms', '20', '--json']);
  expect(given.code, given.stderr).toBe(0);
  const expected = calibrate(scores, 20);
  expect(json(given)).toMatchObject({
    model: at('rated'),
    before: json<{ threshold: number }>(resumed).threshold,
    threshold: expected.threshold,
    alarmsPer1000: 20,
    pictures: 2,
  });
  const stricter = await diffad(['calibrate', ...model, '--alarms', '100']);
  const { threshold } = calibrate(scores, 100);
  expect(stricter.stdout).toContain(`Threshold ${threshold.toFixed(3)}: 100 false alarms per 1000`);
  expect(stricter.stdout).toContain('Chosen from 2 good pictures given to diffad calibrate.');
  expect(stricter.stdout).toContain(`It was ${expected.threshold.toFixed(3)}.`);
  const [row] = json<{ threshold: number }[]>(
    await diffad(['inspect', at('data', 'test', 'good'), ...model, '--json']),
  );
  expect(row?.threshold).toBe(threshold);
});

test('report names the data set that has moved, and shows training and threshold where there is nothing to evaluate on', async () => {
  cpSync(at('run'), at('moved'), { recursive: true });
  const settings = JSON.parse(readFileSync(at('moved', 'config.json'), 'utf8'));
  writeFileSync(at('moved', 'config.json'), JSON.stringify({ ...settings, data: at('gone') }));
  const lost = await diffad(['report', at('moved')]);
  expect(lost.code).toBe(2);
  expect(complaint(lost)).toEqual([
    `error: ${at('gone')}: does not exist; if the data set of ${at('moved')} has moved, name its folder with --data DIR`,
  ]);
  const named = await diffad(['report', at('moved'), '--data', at('data', 'train', 'good')]);
  expect(named.code).toBe(2);
  expect(complaint(named)).toEqual([expect.stringContaining('0 normal and 0 defective test pictures')]);
  writeFileSync(at('moved', 'config.json'), JSON.stringify({ ...settings, data: at('data', 'train', 'good') }));
  const plain = await diffad(['report', at('moved')]);
  expect(plain.code, plain.stderr).toBe(0);
  expect(plain.stdout).toMatch(/^Not evaluated: .+ diffad report RUN --data DIR\.\n\n.+report\.html\n$/);
  const page = readFileSync(at('moved', 'report.html'), 'utf8');
  for (const text of ['Not evaluated', 'Chosen from 2 held-out', '<td>segment</td><td>pixelAp</td>'])
    expect(page).toContain(text);
  expect(page.match(/<div class="charts">(<svg.+?<\/svg>){3}/)).not.toBeNull();
});

test('export writes PyTorch’s names, import reads them back, and the golden picture agrees', async () => {
  const exported = await diffad(['export', '--model', at('run'), '--out', at('model.safetensors'), '--json']);
  expect(exported.code, exported.stderr).toBe(0);
  expect(json(exported)).toEqual({ out: at('model.safetensors'), networks: ['vae', 'unet', 'seg'] });
  const { tensors } = await loadSafetensors(at('model.safetensors'));
  expect(tensors['vae.encoder.conv_in.weight']?.shape).toEqual([4, 3, 3, 3]);
  expect(tensors['unet.middle_block.1.qkv.weight']?.shape).toEqual([12, 4, 1]);
  const { preset, ...values } = tinyConfig();
  const set = Object.entries(values).flatMap(([key, value]) => ['--set', `${key}=${JSON.stringify(value)}`]);
  const command = ['import', at('model.safetensors'), '--preset', 'tiny', '--out', at('imported.safetensors')];
  const imported = await diffad([...command, ...set, '--json']);
  expect(imported.code, imported.stderr).toBe(0);
  expect(json(imported)).toMatchObject({ networks: ['vae', 'unet', 'seg'], untrained: [] });
  const copy = await loadSafetensors(at('imported.safetensors'));
  for (const [name, { data }] of Object.entries(tensors)) expect(copy.tensors[name]?.data, name).toEqual(data);
  const said = await diffad([...command, ...set]);
  const [, calibrating = ''] = /^not calibrated yet: diffad (.+)$/m.exec(said.stdout) ?? [];
  const places: Record<string, string> = { PARTS: at('data'), RUN: at('calibrated') };
  const words = calibrating.match(/'[^']*'|\S+/g)?.map((word) => places[word] ?? word.replaceAll("'", ''));
  const calibrated = await diffad([...(words ?? []), '--json']);
  expect(calibrated.code, calibrated.stderr).toBe(0);
  expect(json(calibrated)).toEqual({ run: at('calibrated'), threshold: expect.any(Number) });
  const judged = await loadSafetensors(at('calibrated', 'model.safetensors'));
  for (const [name, { data }] of Object.entries(tensors)) expect(judged.tensors[name]?.data, name).toEqual(data);
  const misfit = await diffad(command);
  expect(misfit.code).toBe(2);
  expect(complaint(misfit)).toEqual([expect.stringMatching(/its vae does not fit preset tiny: .+, and \d+ more$/)]);
  const healthy = await diffad(['doctor', '--model', at('run'), '--json']);
  expect(healthy.code, healthy.stderr).toBe(0);
  expect(json(healthy)).toMatchObject({ adapter: expect.any(String), golden: { agrees: true } });
});

test('data check answers in lines or JSON, and fails on errors', async () => {
  const sound = await diffad(['data', 'check', at('data'), '--json']);
  expect(sound.code).toBe(0);
  expect(json(sound)).toMatchObject({ layout: 'MVTec-AD', counts: { train: 6, test: 5, masks: 3 }, problems: [] });
  mkdirSync(at('single'));
  writeFileSync(at('single', 'a.png'), readFileSync(at('data', 'test', 'good', 'woven-000.png')));
  const single = await diffad(['data', 'check', at('single')]);
  expect(single.code).toBe(2);
  expect(single.stdout).toContain('only 1 normal picture');
});

/** A run of DRAEM as it lies there before its first checkpoint. */
function draemRun(): string {
  const settings = JSON.parse(readFileSync(at('run', 'config.json'), 'utf8'));
  mkdirSync(at('draem'), { recursive: true });
  const config = { ...settings.config, method: 'draem' };
  writeFileSync(at('draem', 'config.json'), JSON.stringify({ ...settings, config }));
  return at('draem');
}

/** Mistakes: each one line, exit code 2, nothing on standard output, no stack. */
test.each<[string, () => string[], RegExp]>([
  [
    'an unknown option',
    () => ['inspect', 'x', '--model', 'y', '--tiel'],
    /unknown option '--tiel'.*\n\(Did you mean --tile\?\)/,
  ],
  [
    'a misspelt required option',
    () => ['inspect', 'x', '--modle', 'y'],
    /unknown option '--modle'.*\n\(Did you mean --model\?\)/,
  ],
  ['a missing required option', () => ['inspect', 'x'], /required option '--model <run>' not specified$/],
  [
    'a pattern nothing matches',
    () => ['inspect', at('data', '*.bmp'), '--model', at('run')],
    /\*\.bmp: matches no pictures/,
  ],
  ['an unknown command', () => ['inspekt'], /unknown command 'inspekt'.*\n\(Did you mean inspect\?\)/],
  ['no picture there', () => ['inspect', at('nowhere'), '--model', at('run')], /nowhere: does not exist$/],
  [
    'a folder without pictures',
    () => ['inspect', at('run', 'checkpoints'), '--model', at('run')],
    /checkpoints: holds no pictures/,
  ],
  ['no model', () => ['inspect', at('data'), '--model', at('data')], /model\.safetensors: does not exist/],
  [
    'a file that is no model',
    () => ['inspect', at('data'), '--model', at('broken.safetensors')],
    /broken\.safetensors: /,
  ],
  ['no run', () => ['report', at('data')], /data: holds no run \(config\.json is missing\)/],
  [
    'a run in the way',
    () => ['train', at('data'), '--out', at('run')],
    /already holds a run; continue it with --resume/,
  ],
  ['nowhere to go', () => ['train', at('data')], /say where the run goes/],
  ['settings beside --resume', () => ['train', '--resume', at('run'), '--seed', '3'], /leave out --seed$/],
  [
    'a wrong value',
    () => ['train', at('data'), '--out', at('no'), '--set', 'size=30'],
    /size: 30 is not a multiple of/,
  ],
  [
    'a wrong name',
    () => ['train', at('data'), '--out', at('no'), '--set', 'unet.chanels=3'],
    /unet: Unrecognized key: "chanels"/,
  ],
  ['one normal picture', () => ['train', at('single'), '--out', at('no')], /single: only 1 normal picture/],
  ['an empty folder', () => ['train', at('run', 'checkpoints'), '--out', at('no')], /checkpoints: no pictures in it/],
  [
    'a file for a folder',
    () => ['train', at('data'), '--out', at('config.json', 'no')],
    /config\.json: is a file, not a folder/,
  ],
  [
    'a stage that the run to resume has not',
    () => ['train', '--resume', draemRun(), '--stage', 'vae'],
    /--stage vae belongs to method diffad; draem has one stage/,
  ],
  [
    'steps of a stage that the method has not',
    () => ['train', at('data'), '--out', at('no'), '--method', 'draem', '--steps', 'draem=2,vae=400'],
    /--steps vae=400: method draem has no such stage; it has draem$/,
  ],
  ['an empty folder name', () => ['surfaces', ''], /surfaces: dir is empty; is a shell variable unset\?$/],
  ['pictures without a side', () => ['surfaces', at('no'), '--size', '0'], /Expected 1 or more/],
  ['no pictures', () => ['surfaces', at('no'), '--train', '-3'], /Expected 1 or more/],
  ['no steps', () => ['evaluate', at('data'), '--model', at('run'), '--steps', '0'], /Expected 1 or more/],
])('%s is one line', async (_, args, message) => {
  writeFileSync(at('broken.safetensors'), 'no tensors');
  const failed = await diffad(args());
  expect(failed.code, failed.stderr).toBe(2);
  expect(failed.stdout).toBe('');
  expect(failed.stderr).toMatch(new RegExp(message.source, `m`));
  expect(complaint(failed).length).toBeLessThanOrEqual(2);
  expect(failed.stderr).not.toMatch(/^ +at /m);
  expect(existsSync(at('no'))).toBe(false);
});
