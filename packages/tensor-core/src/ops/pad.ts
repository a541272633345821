import { ShapeError } from '../errors.ts';
import { record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import type { Tensor } from '../tensor.ts';
import { readWindow } from './slice.ts';

/** x with `pads[axis]` = [before, after] cells of `value` around it.  dx = the window of g that x fills. */
export function pad(x: Tensor, pads: readonly (readonly [number, number])[], value = 0): Tensor {
  if (pads.length !== x.shape.length || pads.flat().some((cells) => !Number.isInteger(cells) || cells < 0))
    throw new ShapeError(
      `pad: expected ${x.shape.length} pairs of integers >= 0, got [${pads.map(format).join(', ')}] (x ${format(x.shape)})`,
    );
  const before = pads.map(([first]) => first);
  return scope(() => {
    const start = before.map((cells) => -cells);
    const size = pads.map(([first, last], axis) => first + at(x.shape, axis) + last);
    const y = readWindow(x, start, size, value);
    return record('pad', [x], y, {}, (g) => [readWindow(g, before, x.shape, 0)]);
  });
}
