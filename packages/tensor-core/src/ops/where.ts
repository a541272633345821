import { DTypeError } from '../errors.ts';
import { record } from '../op.ts';
import { broadcastShapes, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { elementwise } from './elementwise.ts';
import { sumTo } from './sum-to.ts';

/** a where `condition` is not zero, else b, with broadcasting; all three of one dtype.  da = g there, db = g elsewhere. */
export function where(condition: Tensor, a: Tensor | number, b: Tensor | number): Tensor {
  const branches = [a, b].filter((branch) => branch instanceof Tensor);
  const odd = branches.find(({ dtype }) => dtype !== condition.dtype);
  if (odd)
    throw new DTypeError(
      `where: condition is ${condition.dtype}, a branch is ${odd.dtype} (shapes ${format(condition.shape)} and ${format(odd.shape)}); cast one of them`,
    );
  const shape = branches
    .map((branch) => branch.shape)
    .reduce((x, y) => broadcastShapes('where', x, y), condition.shape);
  const pick = (name: string, yes: Tensor | number, no: Tensor | number): Tensor =>
    elementwise(name, 'select(c, b, a != vec4(0))', [condition, yes, no], shape, condition.dtype);
  const y = pick('where', a, b);
  const kinds = [a, b].flatMap((branch, i) => (branch instanceof Tensor ? [{ branch, first: i === 0 }] : []));
  return record('where', branches, y, { condition }, (g, saved, needs) =>
    kinds.map(({ branch, first }, i) => {
      if (!needs[i]) return null;
      const chosen = first ? 'select(vec4(0.0), b, a != vec4(0.0))' : 'select(b, vec4(0.0), a != vec4(0.0))';
      return sumTo(elementwise('where.grad', chosen, [saved.condition, g], shape, g.dtype), branch.shape);
    }),
  );
}
