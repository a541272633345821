/** What an adapter can do: GFLOP/s, GB/s, and nanoseconds of a dispatch that does nothing. */
export interface Roofs {
  readonly fma: number;
  readonly copy: number;
  readonly launch: number;
}

/** What keeps a kernel from being faster. */
export type Side = 'compute' | 'memory' | 'launch';

/** Of one or more dispatches. */
export interface Load {
  readonly calls: number;
  readonly nanoseconds: number;
  readonly flops: number;
  /** Every input and output once. */
  readonly bytes: number;
}

export interface Bound {
  readonly side: Side;
  /** The time the binding roof allows over the time taken. */
  readonly share: number;
}

/** The roof that allows the least, and how near the kernel comes to it. Williams et al., "Roofline", 2009. */
export function boundOf({ calls, nanoseconds, flops, bytes }: Load, { fma, copy, launch }: Roofs): Bound {
  const least: readonly [Side, number][] = [
    ['compute', flops / fma],
    ['memory', bytes / copy],
    ['launch', calls * launch],
  ];
  const [side, time] = least.reduce((a, b) => (b[1] > a[1] ? b : a));
  return { side, share: nanoseconds > 0 ? time / nanoseconds : 0 };
}
