/** Pages and bundlers bring a `setImmediate` or a `process` of their own; a version of Node they do not. */
export const underNode = (): boolean => typeof process !== 'undefined' && process.versions?.node !== undefined;
