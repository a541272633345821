/** ‖actual − expected‖ / max(‖expected‖, floor), Euclidean. Throws where the lengths differ. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>, floor = 1e-30): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} numbers, expected ${expected.length}`);
  let [difference, size] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] as number) - (expected[i] as number)) ** 2;
    size += (expected[i] as number) ** 2;
  }
  const error = Math.sqrt(difference) / Math.max(Math.sqrt(size), floor);
  if (Number.isNaN(error)) throw new Error('NaN among the numbers');
  return error;
}
