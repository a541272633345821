import { currentPath, type Device } from '@diffad/tensor-core';

/** Bytes alive at the peak of a step, by the layer that made them. */
export interface Origins {
  readonly peakBytes: number;
  /** What lived before the step: parameters, moments, inputs. */
  readonly before: number;
  readonly byPath: readonly { readonly path: string; readonly bytes: number }[];
}

/** Follows every tensor made while `record` runs. */
export function originsOf(device: Device, record: () => void): Origins {
  const before = device.memory().liveBytes;
  const owners = new Map<object, { path: string; bytes: number }>();
  const live = new Map<string, number>();
  let now = 0;
  let peak = 0;
  let atPeak = new Map<string, number>();
  let rising = false;
  const change = (path: string, bytes: number): void => {
    now += bytes;
    live.set(path, (live.get(path) ?? 0) + bytes);
  };
  // The peak is copied when the first block after it is given back, not at every new one.
  const settle = (): void => {
    if (rising) atPeak = new Map(live);
    rising = false;
  };
  device.memoryObserver = {
    allocated(block: object, bytes) {
      const path = currentPath() || 'outside layers';
      owners.set(block, { path, bytes });
      change(path, bytes);
      if (now <= peak) return;
      peak = now;
      rising = true;
    },
    freed(block: object) {
      settle();
      const owner = owners.get(block);
      if (!owner) return;
      owners.delete(block);
      change(owner.path, -owner.bytes);
    },
  };
  try {
    record();
  } finally {
    device.memoryObserver = undefined;
  }
  settle();
  const byPath = [...atPeak].map(([path, bytes]) => ({ path, bytes })).filter(({ bytes }) => bytes > 0);
  return { peakBytes: before + peak, before, byPath: byPath.sort((a, b) => b.bytes - a.bytes) };
}
