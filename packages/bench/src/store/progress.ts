import type { Progress } from '@diffad/diffad';

const EVERY_MS = 10_000;

/** A plain line of training progress every ten seconds. */
export function progressLines(say: (line: string) => void): (progress: Progress) => void {
  let last = performance.now();
  return ({ stage, step, steps, loss, imagesPerSecond, secondsLeft }) => {
    const now = performance.now();
    if (now - last < EVERY_MS) return;
    last = now;
    say(
      loss === null
        ? `  ${stage}: preparing`
        : `  ${stage}: step ${step} of ${steps}, loss ${loss.toFixed(5)}, ${imagesPerSecond.toFixed(1)} pictures/s, ${secondsLeft.toFixed(0)} s left`,
    );
  };
}
