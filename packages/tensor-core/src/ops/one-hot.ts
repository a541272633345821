import { type DType, expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch } from '../op.ts';
import { scope } from '../scope.ts';
import { checkShape, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const kernel = defineKernel((index: DType) =>
  program({
    name: 'oneHot',
    uniforms: 'n: u32, classes: u32',
    inputs: { indices: index },
    outputs: { y: 'f32' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid] = select(0.0, 1.0, u32(indices[gid / u.classes]) == gid % u.classes); }',
  }),
);

/** 1 at each index, 0 elsewhere, f32: indices [..] (i32 or u32) -> [.., classes]. An index outside [0, classes) gives zeros. No gradient. */
export function oneHot(indices: Tensor, classes: number): Tensor {
  expectDType('oneHot', 'indices', indices.dtype, ['i32', 'u32']);
  if (!Number.isInteger(classes) || classes < 1)
    throw new ShapeError(`oneHot: classes must be an integer >= 1, got ${classes} (indices ${format(indices.shape)})`);
  const shape = [...indices.shape, classes];
  checkShape('oneHot', shape);
  return scope(() => {
    const y = Tensor.empty(shape, 'f32', indices.device);
    dispatch(kernel(indices.dtype), [indices], [y], { uniforms: [y.size, classes], invocations: y.size });
    return y;
  });
}
