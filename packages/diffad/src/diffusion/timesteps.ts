/** `ldm`: 1, 1 + ⌊T/S⌋, ..; `linspace`: S times spread evenly over [1, last]. */
export type Spacing = 'ldm' | 'linspace';

export interface TimestepOptions {
  /** Timesteps of the schedule, T. */
  readonly total: number;
  readonly spacing?: Spacing;
  /** Where sampling starts from a diffused picture: the grid is cut there and ends there exactly. Default: the grid's own end. */
  readonly last?: number;
}

/**
 * The ascending timesteps a sampler visits, at most `count` of them and none at or past T. Spec 1.7: the reference's uniform
 * grid yields more than asked for when S does not divide T, and overruns for some S; here the grid is cut to S from below.
 */
export function timesteps(count: number, { total, spacing = 'ldm', last: start }: TimestepOptions): number[] {
  if (!Number.isInteger(count) || count < 1 || count > total)
    throw new RangeError(`timesteps: steps must be an integer in [1, ${total}], got ${count}`);
  const last = start ?? total - 1;
  if (!Number.isInteger(last) || last < 1 || last >= total)
    throw new RangeError(`timesteps: the last timestep must be an integer in [1, ${total - 1}], got ${last}`);
  if (count === 1) return [last];
  const grid =
    spacing === 'ldm'
      ? Array.from({ length: count }, (_, k) => 1 + k * Math.floor(total / count))
      : Array.from({ length: count }, (_, k) => 1 + Math.round((k * (last - 1)) / (count - 1)));
  const visited = [...new Set(grid)].filter((t) => t <= last);
  if (start === undefined || visited.at(-1) === start) return visited;
  return [...(visited.length < count ? visited : visited.slice(0, -1)), start];
}
