// Before the first class that has it: browsers had WebGPU years before `using`, whose lowered form asks for this symbol instead.
if (!Symbol.dispose) Object.defineProperty(Symbol, 'dispose', { value: Symbol.for('Symbol.dispose') });

/** Something a scope ends: a tensor. */
export abstract class Handle implements Disposable {
  abstract dispose(): void;

  [Symbol.dispose](): void {
    this.dispose();
  }
}

const scopes: Handle[][] = [];
const persistent = new WeakSet<Handle>();

/** Hands a new handle to the innermost scope. */
export function adopt<T extends Handle>(handle: T): T {
  scopes.at(-1)?.push(handle);
  return handle;
}

/** Handles found in `value`: itself, or in arrays, maps and plain objects at any depth. */
function* handlesIn(value: unknown): Generator<Handle> {
  if (typeof value !== 'object' || value === null) return;
  if (value instanceof Handle) yield value;
  else if (Array.isArray(value)) for (const item of value) yield* handlesIn(item);
  else if (value instanceof Map) for (const item of value.values()) yield* handlesIn(item);
  else if (isPlain(value)) for (const item of Object.values(value)) yield* handlesIn(item);
}

/** Written as a literal, or without a prototype as `Object.groupBy` makes them. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a handle is `value` or somewhere inside it. */
function memberOf(value: unknown): (handle: Handle) => boolean {
  if (value instanceof Handle) return (handle) => handle === value;
  const members = new Set(handlesIn(value));
  return (handle) => members.has(handle);
}

const nothing = (): boolean => false;

/**
 * Runs `fn` and disposes every tensor made inside, except those it returns (also in arrays, maps and plain objects),
 * which move to the scope around it. Throws TypeError on a promise: a scope cannot stay open across an await.
 */
export function scope<T>(fn: () => T): T {
  const made: Handle[] = [];
  let kept: (handle: Handle) => boolean = nothing;
  scopes.push(made);
  try {
    const result = fn();
    if (result instanceof Promise) {
      void result.catch(() => undefined);
      throw new TypeError('scope: fn returned a promise; await outside, around the scope');
    }
    if (typeof result === 'object') kept = memberOf(result);
    return result;
  } finally {
    scopes.pop();
    const outer = scopes.at(-1);
    for (const handle of made) {
      if (kept(handle)) outer?.push(handle);
      else if (!persistent.has(handle)) handle.dispose();
    }
  }
}

/** Runs `fn` and says which handles of its result were made inside and are nobody's but the caller's. */
export function withMade<T>(fn: () => T): { result: T; made: readonly Handle[] } {
  const inside: Handle[] = [];
  scopes.push(inside);
  try {
    const result = fn();
    const member = memberOf(result);
    return { result, made: inside.filter((handle) => member(handle) && !persistent.has(handle)) };
  } finally {
    scopes.pop();
    for (const handle of inside) adopt(handle);
  }
}

/** Takes a tensor out of every scope: it lives until it is disposed. Parameters and optimiser state are such. */
export function persist<T extends Handle>(handle: T): T {
  persistent.add(handle);
  return handle;
}
