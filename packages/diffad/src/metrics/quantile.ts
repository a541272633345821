/** The q-quantile of ascending values, 0 <= q <= 1, linear between order statistics. */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  const at = q * (ascending.length - 1);
  const below = ascending[Math.floor(at)] as number;
  return below + (at - Math.floor(at)) * ((ascending[Math.ceil(at)] as number) - below);
}
