/** Refuses an option outside [least, limit), naming it. */
export function checkOption(owner: string, name: string, value: number, least: number, limit = Infinity): void {
  if (value >= least && value < limit) return;
  throw new RangeError(`${owner}: ${name} is ${value}, expected a number in [${least}, ${limit})`);
}

/** Refuses a saved count that is none, naming it. */
export function checkCount(owner: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 0) return;
  throw new RangeError(`${owner}: the saved state has ${value} ${name}, expected an integer of at least 0`);
}
