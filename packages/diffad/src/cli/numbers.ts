import { InvalidArgumentError } from 'commander';

export function integer(value: string): number {
  if (!/^-?\d+$/.test(value)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(value);
}

export function decimal(value: string): number {
  const number = Number(value);
  if (value.trim() === '' || !Number.isFinite(number)) throw new InvalidArgumentError('Expected a number.');
  return number;
}

/** A whole number of at least one. */
export function count(value: string): number {
  const number = integer(value);
  if (number < 1) throw new InvalidArgumentError('Expected 1 or more.');
  return number;
}
