import { DTypeError, ShapeError } from './errors.ts';

let current = '';

/** Where in the model the running op stands: `unet.inputBlocks.4.0`. Errors, the NaN guard and the profiler show it. */
export const currentPath = (): string => current;

/** Runs `fn` under the absolute path `path`; shape and dtype errors thrown inside are prefixed with the path they came from. */
export function atPath<T>(path: string, fn: () => T): T {
  const outer = current;
  current = path;
  try {
    return fn();
  } catch (error) {
    if (path) prefix(error, path);
    throw error;
  } finally {
    current = outer;
  }
}

/** Runs `fn` under `name`, one level below the current path. */
export const within = <T>(name: string, fn: () => T): T => atPath(current ? `${current}.${name}` : name, fn);

const prefixed = new WeakSet<object>();

function prefix(error: unknown, path: string): void {
  if (!(error instanceof ShapeError || error instanceof DTypeError) || prefixed.has(error)) return;
  prefixed.add(error);
  error.message = `${path}: ${error.message}`;
}
