import type { Image, Mask } from '../image/image.ts';
import { proCurve } from './au-pro.ts';
import { countLabels, countsByThreshold } from './ranking.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

const POINTS = 200;

/** Keeps a curve's ends and at most about 200 points, where they are at least a little apart. */
class Thinned {
  readonly points: Point[] = [];
  #pending: Point | undefined;

  add(point: Point): void {
    const last = this.points.at(-1);
    if (last && Math.abs(point.x - last.x) + Math.abs(point.y - last.y) < 2 / POINTS) this.#pending = point;
    else {
      this.points.push(point);
      this.#pending = undefined;
    }
  }

  end(): Point[] {
    if (this.#pending) this.points.push(this.#pending);
    return this.points;
  }
}

/** True against false positive rate, from (0, 0) to (1, 1). */
export function rocCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): Point[] {
  const { positives, negatives } = countLabels('rocCurve', labels);
  const curve = new Thinned();
  curve.add({ x: 0, y: 0 });
  countsByThreshold('rocCurve', scores, labels, ({ truePositives, falsePositives }) =>
    curve.add({ x: falsePositives / negatives, y: truePositives / positives }),
  );
  return curve.end();
}

/** Precision against recall. */
export function precisionRecallCurve(scores: ArrayLike<number>, labels: ArrayLike<number>): Point[] {
  const { positives } = countLabels('precisionRecallCurve', labels);
  const curve = new Thinned();
  countsByThreshold('precisionRecallCurve', scores, labels, ({ truePositives, falsePositives }) =>
    curve.add({ x: truePositives / positives, y: truePositives / (truePositives + falsePositives) }),
  );
  return curve.end();
}

/** Per-region overlap against false positive rate. */
export function perRegionOverlapCurve(maps: readonly Image[], masks: readonly Mask[]): Point[] {
  const curve = new Thinned();
  curve.add({ x: 0, y: 0 });
  proCurve(maps, masks, ({ fpr, pro }) => curve.add({ x: fpr, y: pro }));
  return curve.end();
}
