import { Rng } from '@diffad/tensor-core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { describeKnown, drawSplit, knownTo, mustMatch } from '../../src/run/split.ts';

const pictures = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `train/good/${String(i).padStart(3, '0')}.png`);

const folders = fc.record({
  paths: fc.integer({ min: 3, max: 60 }).map(pictures),
  share: fc.double({ min: 0, max: 1, noNaN: true }),
  seed: fc.integer({ min: 0, max: 1000 }),
});
const law = (check: (folder: { paths: string[]; share: number; seed: number }, other: number) => void): void =>
  fc.assert(fc.property(folders, fc.integer({ min: 0, max: 1000 }), check), { seed: 21, numRuns: 100 });
const both = ({ train, heldOut }: ReturnType<typeof drawSplit>): string[] => [...train, ...heldOut].sort();

test('every picture is learnt from, in order, or held out; at least two are, and one is learnt from', () => {
  law(({ paths, share, seed }) => {
    const split = drawSplit(paths, share, seed);
    expect(both(split)).toEqual(paths);
    expect(split.train).toEqual([...split.train].sort());
    expect(split.heldOut).toHaveLength(Math.min(paths.length - 1, Math.max(2, Math.round(share * paths.length))));
  });
});

test('the seed draws what it drew before there was a split to begin from', () => {
  law(({ paths, share, seed }) => {
    const order = new Rng(seed).fork(3).shuffle(paths.map((_, i) => i));
    const { heldOut } = drawSplit(paths, share, seed);
    expect(heldOut).toEqual(order.slice(0, heldOut.length).map((i) => paths[i]));
  });
});

test('on the same pictures a run holds out what the one it starts from did, in the same order with the same seed', () => {
  law(({ paths, share, seed }, other) => {
    const theirs = drawSplit(paths, share, seed);
    expect(drawSplit(paths, share, seed, theirs.train)).toEqual({ ...theirs, known: theirs.train });
    expect([...drawSplit(paths, share, other, theirs.train).heldOut].sort()).toEqual([...theirs.heldOut].sort());
  });
});

test('nothing that the other was trained on is held out, also of a folder that has grown or lost pictures', () => {
  law(({ paths, share, seed }, other) => {
    const theirs = drawSplit(paths, share, seed);
    for (const now of [
      [...paths, 'train/good/new-0.png', 'train/good/new-1.png'],
      paths.length > 3 ? paths.slice(1) : paths,
    ]) {
      const unseen = now.filter((path) => !theirs.train.includes(path));
      const { heldOut } = drawSplit(now, share, other, theirs.train);
      expect(heldOut.length).toBeGreaterThanOrEqual(2);
      if (unseen.length >= 2) expect(heldOut.filter((path) => !unseen.includes(path))).toEqual([]);
    }
  });
});

test('a line says what the split to begin from meant', () => {
  const [paths, theirs] = [pictures(5), pictures(3)];
  expect(describeKnown(paths, 0.1, 'runs/a', theirs)).toBe(
    'none of the 3 pictures that runs/a was trained on (same file names) is held out',
  );
  expect(describeKnown(paths, 0.6, 'runs/a', theirs)).toBe(
    'none of the 3 pictures that runs/a was trained on (same file names) is held out; only 2 in place of 3 are left to hold out',
  );
  expect(describeKnown(pictures(3), 0.1, 'runs/a', theirs)).toBe(
    'runs/a was trained on 3 of these 3 pictures (same file names): what is held out may be known to it, and the threshold too low',
  );
  expect(describeKnown(['a.png', 'b.png', 'c.png'], 0.1, 'runs/a', theirs)).toBeNull();
  expect(describeKnown(paths, 0.1, 'a.safetensors', undefined)).toBe(
    'no split.json beside a.safetensors: what is held out here may be known to it',
  );
});

test('what a run started from counts in what starts from it, however long the chain', () => {
  law(({ paths, share, seed }, other) => {
    const first = drawSplit(paths, share, seed);
    const second = drawSplit(['elsewhere/0.png', 'elsewhere/1.png', 'elsewhere/2.png'], share, other, knownTo(first));
    const third = drawSplit(paths, share, other, knownTo(second));
    expect([...third.heldOut].sort()).toEqual([...first.heldOut].sort());
  });
});

test('a run goes on with the pictures it was begun with, or says which are not', () => {
  const split = drawSplit(pictures(20), 0.1, 3);
  mustMatch(split, pictures(20), 'parts');
  expect(() => mustMatch(split, [...pictures(20), 'new.png'], 'parts')).toThrow(
    /^parts: holds 21 normal pictures, the run was begun with 20: 1 new \(new\.png\); make the folder what it was, or train anew$/,
  );
  expect(() => mustMatch(split, ['new.png', ...pictures(20).slice(2)], 'parts')).toThrow(
    'holds 19 normal pictures, the run was begun with 20: 1 new (new.png), 2 missing (first train/good/000.png);',
  );
});
