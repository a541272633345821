/** Refuses an option outside [least, limit), naming it. */
export function checkOption(owner: string, name: string, value: number, least: number, limit = Infinity): void {
  if (value >= least && value < limit) return;
  throw new RangeError(`${owner}: ${name} is ${value}, expected a number in [${least}, ${limit})`);
}
