/** Largest difference of two arrays as a share of the largest magnitude of the first; infinite where one is not a number. */
export function difference(reference: Float32Array, other: Float32Array): number {
  if (reference.length !== other.length)
    throw new RangeError(`results of ${reference.length} and ${other.length} numbers cannot be compared`);
  let largest = 0;
  let magnitude = 0;
  for (let i = 0; i < reference.length; i++) {
    const expected = reference[i] as number;
    const error = Math.abs(expected - (other[i] as number));
    if (!Number.isFinite(error)) return Number.POSITIVE_INFINITY;
    largest = Math.max(largest, error);
    magnitude = Math.max(magnitude, Math.abs(expected));
  }
  return magnitude > 0 ? largest / magnitude : largest;
}

/** The largest `difference` of any of several results. */
export const disagreement = (reference: readonly Float32Array[], other: readonly Float32Array[]): number => {
  if (reference.length !== other.length)
    throw new RangeError(`${reference.length} and ${other.length} results cannot be compared`);
  return Math.max(...reference.map((array, i) => difference(array, other[i] as Float32Array)));
};
