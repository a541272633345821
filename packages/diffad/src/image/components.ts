import type { Mask } from './image.ts';

/** Connected components of a mask: `labels` holds 0 outside and 1..count inside, in order of each component's first pixel. */
export interface Components {
  readonly count: number;
  readonly labels: Int32Array;
  /** Pixels of component i at [i]; [0] is the background. */
  readonly areas: Int32Array;
}

/** Labels the components of a mask under 8-connectivity (diagonal neighbours touch): two passes with union-find. */
export function connectedComponents({ width, height, data }: Mask): Components {
  const labels = new Int32Array(width * height);
  const parent = new Int32Array(labels.length + 1);
  let provisional = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] === 0) continue;
      const left = x > 0 ? (labels[i - 1] as number) : 0;
      const up = y > 0 ? (labels[i - width] as number) : 0;
      const upLeft = x > 0 && y > 0 ? (labels[i - width - 1] as number) : 0;
      const upRight = x + 1 < width && y > 0 ? (labels[i - width + 1] as number) : 0;
      const label = up || upLeft || left || upRight;
      if (label === 0) {
        provisional++;
        parent[provisional] = provisional;
        labels[i] = provisional;
        continue;
      }
      labels[i] = label;
      // Of the four, only the upper right neighbour can belong to another set than the first found.
      if (upRight !== 0 && up === 0) unite(parent, label, upRight);
    }
  return renumber(labels, parent, provisional);
}

/** The smaller root stays, so that roots come in scan order. */
function unite(parent: Int32Array, a: number, b: number): void {
  const rootA = find(parent, a);
  const rootB = find(parent, b);
  parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
}

function find(parent: Int32Array, label: number): number {
  let root = label;
  while (parent[root] !== root) {
    parent[root] = parent[parent[root] as number] as number;
    root = parent[root] as number;
  }
  return root;
}

function renumber(labels: Int32Array, parent: Int32Array, provisional: number): Components {
  const final = new Int32Array(provisional + 1);
  let count = 0;
  for (let label = 1; label <= provisional; label++) {
    const root = find(parent, label);
    if (root === label) count++;
    final[label] = root === label ? count : (final[root] as number);
  }
  const areas = new Int32Array(count + 1);
  for (let i = 0; i < labels.length; i++) {
    const label = final[labels[i] as number] as number;
    labels[i] = label;
    areas[label] = (areas[label] as number) + 1;
  }
  return { count, labels, areas };
}
