/** The terminal sends Ctrl-C to every process, and npm and the starter pass it on: repeats within this time are one keypress. */
const KEYPRESS_MS = 1000;

/**
 * On Ctrl-C says so and aborts `signal`, for the work to end after `what`, by default a step of a training that saves itself; pressed
 * again, over a second later, it ends the process with status 130. Disposed, it leaves Ctrl-C as it was, unless it was pressed: then the
 * process is about to end, and is not to be cut short.
 */
export function stopOnInterrupt(
  say: (line: string) => void,
  what = 'this step; the state is saved',
): Disposable & { readonly signal: AbortSignal } {
  const stop = new AbortController();
  let again = false;
  const onInterrupt = (): void => {
    if (again) process.exit(130);
    if (stop.signal.aborted) return;
    say(`stopping after ${what} ... (Ctrl-C again ends at once)`);
    stop.abort();
    // What came while the thread was busy is delivered after timers and before immediates.
    const later = (): void => {
      again = true;
    };
    setTimeout(() => setImmediate(later), KEYPRESS_MS).unref();
  };
  process.on('SIGINT', onInterrupt);
  return {
    signal: stop.signal,
    [Symbol.dispose](): void {
      if (!stop.signal.aborted) process.off('SIGINT', onInterrupt);
    },
  };
}
