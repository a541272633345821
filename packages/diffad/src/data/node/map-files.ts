const AT_ONCE = 4;

/** `work` of every item, in the items' order, a few at once so that decoded pictures do not pile up. The first failure ends it. */
export async function mapFiles<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let i = next++; i < items.length; i = next++) results[i] = await work(items[i] as T);
  };
  const stop = (cause: unknown): never => {
    next = items.length;
    throw cause;
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, items.length) }, () => worker().catch(stop)));
  return results;
}
