import type { Image, Mask } from '../../src/index.ts';

/** Metrics by their definitions, slow and plain. Scores count as the float32 numbers maps are made of. */

type Numbers = readonly number[];
const positives = (labels: Numbers): number => labels.filter((label) => label === 1).length;

export function auroc(scores: Numbers, labels: Numbers): number {
  let [won, pairs] = [0, 0];
  for (const [i, a] of scores.map(Math.fround).entries())
    for (const [j, b] of scores.map(Math.fround).entries())
      if (labels[i] === 1 && labels[j] === 0) {
        won += a > b ? 1 : a === b ? 0.5 : 0;
        pairs++;
      }
  return won / pairs;
}

const distinct = (scores: Numbers): number[] =>
  [...new Set(scores.map((s) => Math.fround(s) + 0))].sort((a, b) => b - a);

function counts(scores: Numbers, labels: Numbers, threshold: number) {
  const found = scores.map((score) => Math.fround(score) >= threshold);
  const hits = found.filter((f, i) => f && labels[i] === 1).length;
  return { hits, alarms: found.filter((f, i) => f && labels[i] === 0).length };
}

export function averagePrecision(scores: Numbers, labels: Numbers): number {
  let [area, recall] = [0, 0];
  for (const threshold of distinct(scores)) {
    const { hits, alarms } = counts(scores, labels, threshold);
    area += (hits / positives(labels) - recall) * (hits / (hits + alarms));
    recall = hits / positives(labels);
  }
  return area;
}

export function f1(scores: Numbers, labels: Numbers, threshold: number): number {
  const { hits, alarms } = counts(scores, labels, threshold);
  const [precision, recall] = [hits / Math.max(1, hits + alarms), hits / positives(labels)];
  return hits === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

export const bestF1 = (scores: Numbers, labels: Numbers): number =>
  Math.max(...distinct(scores).map((threshold) => f1(scores, labels, threshold)));

/** 8-connected defects as lists of pixels, by flooding. */
function defects({ width, height, data }: Mask): number[][] {
  const seen = new Set<number>();
  const found: number[][] = [];
  for (let start = 0; start < data.length; start++) {
    if (data[start] === 0 || seen.has(start)) continue;
    const region = [start];
    seen.add(start);
    for (const at of region)
      for (let dy = -1; dy <= 1; dy++)
        for (let dx = -1; dx <= 1; dx++) {
          const [x, y] = [(at % width) + dx, Math.floor(at / width) + dy];
          const next = y * width + x;
          if (x < 0 || y < 0 || x >= width || y >= height || data[next] === 0 || seen.has(next)) continue;
          seen.add(next);
          region.push(next);
        }
    found.push(region);
  }
  return found;
}

export function auPro(maps: readonly Image[], masks: readonly Mask[], limit: number): number {
  const thresholds = distinct(maps.flatMap(({ data }) => [...data]));
  const regions = masks.flatMap((mask, i) => defects(mask).map((pixels) => ({ i, pixels })));
  const normals = masks.flatMap(({ data }, i) => [...data].flatMap((value, at) => (value === 0 ? [{ i, at }] : [])));
  const score = (i: number, at: number): number => maps[i]?.data[at] as number;
  const points = thresholds.map((threshold) => {
    const covered = regions.map(
      ({ i, pixels }) => pixels.filter((at) => score(i, at) >= threshold).length / pixels.length,
    );
    return {
      fpr: normals.filter(({ i, at }) => score(i, at) >= threshold).length / normals.length,
      pro: covered.reduce((a, b) => a + b, 0) / regions.length,
    };
  });
  let area = 0;
  let last = { fpr: 0, pro: 0 };
  for (const point of points) {
    const width = point.fpr - last.fpr;
    const inside = Math.max(0, Math.min(point.fpr, limit) - last.fpr);
    const end = width > 0 ? last.pro + ((point.pro - last.pro) * inside) / width : last.pro;
    area += (inside * (last.pro + end)) / 2;
    last = point;
  }
  return area / limit;
}
