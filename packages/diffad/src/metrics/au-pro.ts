import { connectedComponents } from '../image/components.ts';
import type { Image, Mask } from '../image/image.ts';
import { walkDown } from './ranking.ts';

export interface AuProOptions {
  /** The curve is integrated up to this false positive rate and divided by it; default 0.3. */
  readonly limit?: number;
}

/** One point of the curve: per-region overlap against the false positive rate of all normal pixels. */
export interface ProPoint {
  readonly fpr: number;
  readonly pro: number;
}

/**
 * Area under the per-region overlap curve: at each threshold the covered share of every 8-connected defect, all weighing the same,
 * against the false positive rate over all pictures. Exact, with linear interpolation at the limit. Spec 7.1; Bergmann et al. 2021.
 */
export function auPro(maps: readonly Image[], masks: readonly Mask[], { limit = 0.3 }: AuProOptions = {}): number {
  let area = 0;
  let last: ProPoint = { fpr: 0, pro: 0 };
  proCurve(maps, masks, (point) => {
    if (last.fpr >= limit) return;
    const end = Math.min(point.fpr, limit);
    const share = point.fpr > last.fpr ? (end - last.fpr) / (point.fpr - last.fpr) : 0;
    area += ((end - last.fpr) * (2 * last.pro + share * (point.pro - last.pro))) / 2;
    last = point;
  });
  return area / limit;
}

/** The points of the curve from the highest threshold to the lowest, where it ends at (1, 1). */
export function proCurve(maps: readonly Image[], masks: readonly Mask[], visit: (point: ProPoint) => void): void {
  const { ids, areas, normals } = label(maps, masks);
  const regions = areas.length - 1;
  if (regions === 0 || normals === 0)
    throw new RangeError(`auPro: needs defects and normal pixels, got ${regions} defects and ${normals} normal pixels`);
  let [falsePositives, overlap] = [0, 0];
  walkDown(
    'auPro',
    concatenated(maps),
    ids,
    (id) => {
      if (id === 0) falsePositives++;
      else overlap += 1 / (areas[id] as number);
    },
    () => visit({ fpr: falsePositives / normals, pro: overlap / regions }),
  );
}

/** For every pixel of every picture 0 or the number of its defect, counted through all pictures. */
function label(maps: readonly Image[], masks: readonly Mask[]) {
  const total = masks.reduce((sum, { data }) => sum + data.length, 0);
  const ids = new Uint32Array(total);
  const areas = [0];
  let at = 0;
  for (const [i, mask] of masks.entries()) {
    const map = maps[i] as Image;
    if (map.width !== mask.width || map.height !== mask.height)
      throw new RangeError(`auPro: map ${i} is ${map.width}x${map.height}, its mask ${mask.width}x${mask.height}`);
    const { labels, areas: sizes } = connectedComponents(mask);
    const offset = areas.length - 1;
    for (let k = 0; k < labels.length; k++) ids[at + k] = labels[k] === 0 ? 0 : (labels[k] as number) + offset;
    areas.push(...sizes.subarray(1));
    at += labels.length;
  }
  return { ids, areas, normals: ids.reduce((count, id) => (id === 0 ? count + 1 : count), 0) };
}

export function concatenated(maps: readonly Image[]): Float32Array {
  const all = new Float32Array(maps.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of maps) {
    all.set(data, at);
    at += data.length;
  }
  return all;
}
