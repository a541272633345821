import { expect, test, vi } from 'vitest';
import { dozing } from '../src/gpu/doze.ts';

/** Whether a wait asks for a turn of the event loop where `process` is this. */
function asks(stub: unknown): boolean {
  const immediate = vi.spyOn(globalThis, 'setImmediate').mockImplementation(() => ({}) as NodeJS.Immediate);
  vi.stubGlobal('process', stub);
  try {
    void dozing(Promise.resolve());
    return immediate.mock.calls.length > 0;
  } finally {
    vi.unstubAllGlobals();
    immediate.mockRestore();
  }
}

test('waits sleep under Node alone, not where a page has its own setImmediate', () => {
  for (const browser of [undefined, {}, { versions: {} }]) expect(asks(browser)).toBe(false);
  expect(asks({ versions: { node: '20.19.0' } })).toBe(true);
});
