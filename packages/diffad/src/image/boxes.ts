import { connectedComponents } from './components.ts';
import type { Mask } from './image.ts';

/** The upright rectangle around one connected defect, in pixels; `area` counts the defect's own pixels. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly area: number;
}

/** One box for each 8-connected component of at least `minArea` pixels, the largest first. */
export function boxesFromMask(mask: Mask, minArea = 1): Box[] {
  const { count, labels, areas } = connectedComponents(mask);
  const left = new Int32Array(count + 1).fill(mask.width);
  const top = new Int32Array(count + 1).fill(mask.height);
  const right = new Int32Array(count + 1);
  const bottom = new Int32Array(count + 1);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label === 0) continue;
    const x = i % mask.width;
    const y = Math.floor(i / mask.width);
    left[label] = Math.min(left[label] as number, x);
    right[label] = Math.max(right[label] as number, x);
    top[label] = Math.min(top[label] as number, y);
    bottom[label] = Math.max(bottom[label] as number, y);
  }
  const boxes = Array.from({ length: count }, (_, i): Box => {
    const [x, y] = [left[i + 1] as number, top[i + 1] as number];
    return {
      x,
      y,
      width: (right[i + 1] as number) - x + 1,
      height: (bottom[i + 1] as number) - y + 1,
      area: areas[i + 1] as number,
    };
  });
  return boxes.filter((box) => box.area >= minArea).sort((a, b) => b.area - a.area || a.y - b.y || a.x - b.x);
}
