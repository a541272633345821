/** `ldm`: first, first + ⌊(T − first + 1) / S⌋, ..; `linspace`: S times spread evenly over [first, last]. The first is 1 or the lowest allowed. */
export type Spacing = 'ldm' | 'linspace';

export interface TimestepOptions {
  /** Timesteps of the schedule, T. */
  readonly total: number;
  readonly spacing?: Spacing;
  /** None below this is visited; default 0. */
  readonly lowest?: number;
  /** Where sampling starts from a diffused picture: the grid is cut there and ends there exactly. Default: the grid's own end. */
  readonly last?: number;
}

/**
 * The ascending timesteps a sampler visits, at most `count` of them and none at or past T. Spec 1.7: the reference's uniform
 * grid yields more than asked for when S does not divide T, and overruns for some S; here the grid is cut to S from below.
 */
export function timesteps(
  count: number,
  { total, spacing = 'ldm', lowest = 0, last: start }: TimestepOptions,
): number[] {
  if (!Number.isInteger(lowest) || lowest < 0 || lowest >= total)
    throw new RangeError(`timesteps: the lowest timestep must be an integer in [0, ${total - 1}], got ${lowest}`);
  const first = Math.max(1, lowest);
  const last = start ?? total - 1;
  const most = total - first + 1;
  if (!Number.isInteger(count) || count < 1 || count > most)
    throw new RangeError(`timesteps: steps must be an integer in [1, ${most}], got ${count}`);
  if (!Number.isInteger(last) || last < first || last >= total)
    throw new RangeError(`timesteps: the last timestep must be an integer in [${first}, ${total - 1}], got ${last}`);
  if (count === 1) return [last];
  const grid =
    spacing === 'ldm'
      ? Array.from({ length: count }, (_, k) => first + k * Math.floor(most / count))
      : Array.from({ length: count }, (_, k) => first + Math.round((k * (last - first)) / (count - 1)));
  const visited = [...new Set(grid)].filter((t) => t <= last);
  if (start === undefined || visited.at(-1) === start) return visited;
  return [...(visited.length < count ? visited : visited.slice(0, -1)), start];
}
