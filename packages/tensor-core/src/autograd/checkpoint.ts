import { Rng } from '../rng/rng.ts';
import { scope } from '../scope.ts';
import { Tensor } from '../tensor.ts';
import { backward, takeGradients } from './backward.ts';
import { activeTape, Probe, recordOn, Tape } from './tape.ts';

/**
 * Runs `fn(...inputs)` without keeping what its gradient needs, and runs it again during the backward pass: memory for time.
 * `fn` may use parameters from outside; other tensors must come as `inputs`. Random draws are repeated exactly, and
 * running statistics updated once.
 */
export function checkpoint(fn: (...inputs: Tensor[]) => Tensor, ...inputs: Tensor[]): Tensor {
  const tape = activeTape();
  if (!tape) return scope(() => fn(...inputs));
  const probe = new Probe(tape);
  const draws = new Map<Rng, number>();
  const note = (rng: Rng, position: number) => void (draws.has(rng) || draws.set(rng, position));
  const output = Rng.observe(note, () => recordOn(probe, () => scope(() => fn(...inputs))));
  if (!(output instanceof Tensor)) throw new TypeError('checkpoint: fn must return one tensor; concat() several');
  if (!probe.made(output)) return output;
  const saves = Object.fromEntries(inputs.map((input, i) => [i, input]));
  tape.add('checkpoint', probe.leaves, output, saves, (grad, saved) => {
    const replay = new Tape(
      probe.leaves.map(({ id }) => id),
      true,
    );
    const again = replayDraws(draws, () => recordOn(replay, () => scope(() => fn(...Object.values(saved)))));
    return takeGradients(backward(replay, again.id, grad), probe.leaves);
  });
  return output;
}

function replayDraws<T>(draws: ReadonlyMap<Rng, number>, fn: () => T): T {
  const resume = [...draws.keys()].map((rng) => ({ rng, position: rng.state().position }));
  for (const [rng, position] of draws) rng.seek(position);
  try {
    return fn();
  } finally {
    for (const { rng, position } of resume) rng.seek(position);
  }
}
