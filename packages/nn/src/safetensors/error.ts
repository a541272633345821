/** A file that is not what it says it is, or a tensor that cannot be stored. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
}
