import { createLogUpdate } from 'log-update';
import type { Estimate } from '../run/node/train-run.ts';
import type { Progress } from '../train/train.ts';

const duration = (seconds: number): string => {
  if (!Number.isFinite(seconds)) return '?';
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  return minutes > 0 ? `${minutes} min ${whole % 60} s` : `${whole} s`;
};

/** One line: step, loss, speed, memory, time left. */
export function progressLine({ stage, step, steps, loss, imagesPerSecond, secondsLeft, liveBytes }: Progress): string {
  if (loss === null) return `${stage.padEnd(9)} preparing`;
  const bar = '#'.repeat(Math.round((20 * step) / steps)).padEnd(20, '.');
  const memory = `${(liveBytes / 2 ** 20).toFixed(0)} MiB`;
  return `${stage.padEnd(9)} ${bar} ${step}/${steps}  loss ${loss.toFixed(5)}  ${imagesPerSecond.toFixed(1)} img/s  ${memory}  ${duration(secondsLeft)} left`;
}

/** What a run will cost, before it starts. */
export function estimateLine({ stages, peakBytes }: Estimate): string {
  const parts = stages.map(({ stage, steps, seconds }) => `${stage} ${steps} steps ${duration(seconds)}`);
  const total = stages.reduce((sum, { seconds }) => sum + seconds, 0);
  return `estimate: ${duration(total)} (${parts.join(', ')}), ${(peakBytes / 2 ** 20).toFixed(0)} MiB of tensors at the peak`;
}

const PLAIN_EVERY_MS = 10_000;

/** Shows progress on standard error: one line that changes on a terminal, plain lines every ten seconds elsewhere. */
export function progressReporter(): { show: (progress: Progress) => void; end: () => void } {
  if (process.stderr.isTTY) {
    const update = createLogUpdate(process.stderr);
    return { show: (progress) => update(progressLine(progress)), end: () => update.done() };
  }
  let last = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      const now = performance.now();
      if (now - last < PLAIN_EVERY_MS && progress.step !== progress.steps) return;
      last = now;
      process.stderr.write(`${progressLine(progress)}\n`);
    },
    end: () => undefined,
  };
}
