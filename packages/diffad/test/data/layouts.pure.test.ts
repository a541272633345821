import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Dataset } from '../../src/data/dataset.ts';
import { recognise } from '../../src/data/recognise.ts';
import { testSamples, trainingSamples } from '../../src/data/roles.ts';

const seen = (...files: string[]): Dataset => recognise({ root: 'parts', files: files.sort(), split: null });
const numbered = (count: number, name: (n: string) => string) =>
  Array.from({ length: count }, (_, i) => name(String(i).padStart(3, '0')));
const role = ({ path, kind, mask }: Dataset['test'][number]) => `${kind} ${path} ${mask}`;

describe('recognise', () => {
  test('MVTec-AD: sub-folders of test are the kinds', () => {
    const { layout, train, test, unused } = seen(
      'train/good/000.png',
      'test/good/000.png',
      'test/crack/000.png',
      'test/hole/000.png',
      'ground_truth/crack/000_mask.png',
      'ground_truth/hole/000_mask.png',
    );
    expect(layout).toBe('MVTec-AD');
    expect(train.map(({ path }) => path)).toEqual(['train/good/000.png']);
    expect(test.map(role)).toEqual([
      'crack test/crack/000.png ground_truth/crack/000_mask.png',
      'good test/good/000.png null',
      'hole test/hole/000.png ground_truth/hole/000_mask.png',
    ]);
    expect(unused).toEqual([]);
  });

  test('BTAD: ok and ko, masks of the same name in another format', () => {
    const { layout, train, test } = seen('train/ok/0.bmp', 'test/ok/1.bmp', 'test/ko/2.bmp', 'ground_truth/ko/2.png');
    expect(layout).toBe('BTAD');
    expect(train[0]?.kind).toBe('good');
    expect(test.map(role)).toEqual(['ko test/ko/2.bmp ground_truth/ko/2.png', 'good test/ok/1.bmp null']);
  });

  test('VisA: the split decides', () => {
    const row = (split: string, label: string, image: string, mask = '') => ({
      object: 'candle',
      split,
      label,
      image,
      mask,
    });
    const images = ['Data/Images/Normal/0.JPG', 'Data/Images/Normal/1.JPG', 'Data/Images/Anomaly/0.JPG'] as const;
    const split = [
      row('train', 'normal', images[0]),
      row('test', 'normal', images[1]),
      row('test', 'anomaly', images[2], 'Data/Masks/Anomaly/0.png'),
    ];
    const files = [...images, 'Data/Masks/Anomaly/0.png'].sort();
    const { layout, train, test, unused } = recognise({ root: 'candle', files, split });
    expect(layout).toBe('VisA');
    expect(train.map(({ path }) => path)).toEqual([images[0]]);
    expect(test.map(role)).toEqual([`good ${images[1]} null`, `anomaly ${images[2]} Data/Masks/Anomaly/0.png`]);
    expect(unused).toEqual([]);
    const two = split.map((r, i) => ({ ...r, object: i ? 'candle' : 'pcb1' }));
    expect(() => recognise({ root: 'VisA', files, split: two })).toThrow(
      'VisA: holds 2 data sets; choose one: pcb1, candle',
    );
    expect(() => recognise({ root: 'candle', files: files.slice(1), split })).toThrow(
      '1 pictures of the split do not exist',
    );
  });

  test('VisA without its split, magnetic tile, folders by kind: every fifth normal is held out, and that is said', () => {
    const visa = seen(
      ...numbered(10, (n) => `Data/Images/Normal/${n}.JPG`),
      'Data/Images/Anomaly/000.JPG',
      'Data/Masks/Anomaly/000.png',
    );
    const tile = seen(...numbered(10, (n) => `MT_Free/Imgs/${n}.jpg`), 'MT_Crack/Imgs/x.jpg', 'MT_Crack/Imgs/x.png');
    const kinds = seen(...numbered(10, (n) => `good/${n}.png`), 'dent/x.png', 'masks/dent/x.png');
    for (const { train, test, notes } of [visa, tile, kinds]) {
      expect(train).toHaveLength(8);
      expect(test.filter(({ kind }) => kind === 'good')).toHaveLength(2);
      expect(test.filter(({ kind, mask }) => kind !== 'good' && mask !== null)).toHaveLength(1);
      expect(notes.join()).toContain('every fifth');
    }
    expect([visa, tile, kinds].map(({ layout }) => layout)).toEqual(['VisA', 'magnetic tile', 'folders by kind']);
  });

  test('a plain folder is all normal, but not what is named after masks or defects', () => {
    const { layout, train, unused } = seen('a.png', 'line2/b.png', 'NG/c.png', 'masks/a.png');
    expect(layout).toBe('plain folder');
    expect(train.map(({ path }) => path)).toEqual(['a.png', 'line2/b.png']);
    expect(unused).toHaveLength(2);
  });

  test('the note of a plain folder names the sub-folders that count as normal', () => {
    const note = 'a plain folder: every picture counts as normal';
    expect(seen('a.png', 'NG/c.png').notes).toEqual([note]);
    expect(seen('a.png', 'scratch/b.png', 'scratch/c.png', 'day/1/d.png').notes).toEqual([
      `${note}, also in day/1 1, scratch 2; where some are defects, put the normal ones into a folder good`,
    ]);
    expect(seen(...numbered(300, (n) => `line${n}/a.png`)).notes.join()).toMatch(/line007 1 and 292 more; where/);
  });

  test('many data sets, or none, is one line', () => {
    expect(() => seen()).toThrow('parts: no pictures in it (PNG, JPEG, BMP, TIFF or WebP)');
    expect(() => seen('bottle/train/good/0.png', 'cable/train/good/0.png')).toThrow('choose one: bottle, cable');
  });
});

test('masks find their pictures by name, whatever else lies in the folders', () => {
  const names = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 20 });
  fc.assert(
    fc.property(names, names, (pictures, masks) => {
      const { test, unused } = seen(
        'train/good/0.png',
        ...pictures.map((n) => `test/crack/${n}.png`),
        ...masks.map((n) => `ground_truth/crack/${n}_mask.png`),
      );
      for (const { path, mask } of test) {
        const n = Number(/(\d+)\.png/.exec(path)?.[1]);
        expect(mask).toBe(masks.includes(n) ? `ground_truth/crack/${n}_mask.png` : null);
      }
      expect(unused).toHaveLength(masks.filter((n) => !pictures.includes(n)).length);
    }),
    { seed: 11, numRuns: 60 },
  );
});

const folders = ['train/good', 'train/ok', 'train/bad', 'test/good', 'test/dent', 'ground_truth/dent', 'other', 'test'];
const file = fc
  .tuple(fc.constantFrom(...folders), fc.integer({ min: 0, max: 9 }))
  .map(([folder, n]) => `${folder}/${n}.png`);
const listings = fc.uniqueArray(file, { minLength: 1, maxLength: 40 });

test('every file has exactly one role', () => {
  fc.assert(
    fc.property(listings, (files) => {
      const { train, test, unused } = seen(...files);
      const used = [...train, ...test].flatMap(({ path, mask }) => (mask === null ? [path] : [path, mask]));
      expect([...used, ...unused.map(({ path }) => path)].sort()).toEqual([...files].sort());
    }),
    { seed: 12, numRuns: 60 },
  );
});

test('roles do not depend on how folders are capitalised', () => {
  const titled = (path: string): string => path.replace(/(?<=^|[/_])[a-z]/g, (letter) => letter.toUpperCase());
  const shouted = (path: string): string => path.replace(/[^/]+\//g, (folder) => folder.toUpperCase());
  const rolesOf = ({ layout, train, test, unused }: Dataset) => {
    const known = [...train, ...test].map((sample) => role(sample).toLowerCase());
    return [layout, ...known.sort(), ...unused.map(({ path, reason }) => `${path} ${reason}`.toLowerCase()).sort()];
  };
  fc.assert(
    fc.property(listings, (files) => {
      for (const change of [titled, shouted]) {
        expect(rolesOf(seen('train/x.png', ...files))).toEqual(rolesOf(seen(...['train/x.png', ...files].map(change))));
      }
    }),
    { seed: 13, numRuns: 60 },
  );
  expect(() => seen('Bottle/Train/Good/0.png', 'Cable/Train/Good/0.png')).toThrow('choose one: Bottle, Cable');
});

describe('roles', () => {
  test('training needs three normal pictures, evaluation needs both sorts', () => {
    expect(() => trainingSamples(seen('test/dent/0.png', 'test/good/0.png'), 'parts')).toThrow(
      'parts: no normal pictures to learn from; put them into train/good',
    );
    expect(() => trainingSamples(seen('0.png'), 'parts')).toThrow('parts: only 1 normal picture (0.png)');
    expect(() => testSamples(seen('a.png', 'b.png'), 'parts')).toThrow('0 normal and 0 defective test pictures');
    expect(testSamples(seen('test/dent/0.png', 'test/good/0.png'), 'parts')).toHaveLength(2);
  });

  test('defective pictures under train are not learnt from', () => {
    const { train, unused } = seen('train/good/0.png', 'train/bad/0.png');
    expect(train).toHaveLength(1);
    expect(unused[0]?.reason).toContain('training takes normal pictures only');
  });
});
