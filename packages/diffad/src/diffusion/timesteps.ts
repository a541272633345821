/** `ldm`: first, first + ⌊(T − first + 1)/S⌋, ..; `linspace`: S times spread evenly over [first, last]. */
export type Spacing = 'ldm' | 'linspace';

export interface TimestepOptions {
  /** Timesteps of the schedule, T. */
  readonly total: number;
  readonly spacing?: Spacing;
  /** The lowest of them; default 1. */
  readonly first?: number;
  /** Where sampling starts from a diffused picture: the grid is cut there and ends there exactly. Default: the grid's own end. */
  readonly last?: number;
}

/**
 * The ascending timesteps a sampler visits, at most `count` of them and none at or past T. Spec 1.7: the reference's uniform
 * grid yields more than asked for when S does not divide T, and overruns for some S; here the grid is cut to S from below.
 */
export function timesteps(
  count: number,
  { total, spacing = 'ldm', first = 1, last: start }: TimestepOptions,
): number[] {
  if (!Number.isInteger(count) || count < 1 || count > total)
    throw new RangeError(`timesteps: steps must be an integer in [1, ${total}], got ${count}`);
  const last = start ?? total - 1;
  if (!Number.isInteger(first) || first < 1 || first >= total)
    throw new RangeError(`timesteps: the first timestep must be an integer in [1, ${total - 1}], got ${first}`);
  if (!Number.isInteger(last) || last < first || last >= total)
    throw new RangeError(`timesteps: the last timestep must be an integer in [${first}, ${total - 1}], got ${last}`);
  if (count === 1) return [last];
  const grid =
    spacing === 'ldm'
      ? Array.from({ length: count }, (_, k) => first + k * Math.floor((total - first + 1) / count))
      : Array.from({ length: count }, (_, k) => first + Math.round((k * (last - first)) / (count - 1)));
  const visited = [...new Set(grid)].filter((t) => t <= last);
  if (start === undefined || visited.at(-1) === start) return visited;
  return [...(visited.length < count ? visited : visited.slice(0, -1)), start];
}
