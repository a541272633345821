import { type DType, expectDType, isFloat } from '../dtype.ts';
import { dispatch, floatBits, record } from '../op.ts';
import { scope } from '../scope.ts';
import { at, checkShape, normalizeAxis, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const UNIFORMS = 'n: u32, picks: u32, extent: u32, inner: u32';

/** y [outer, picks, inner] from x [outer, extent, inner]. */
const pickKernel = defineKernel((wide: boolean, dtype: DType, index: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  return program({
    name: 'gather',
    uniforms: `${UNIFORMS}, missing: f32`,
    inputs: { x: element, indices: index },
    outputs: { y: element },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let row = u32(indices[gid / u.inner % u.picks]);
  var value = ${element}(${isFloat(dtype) ? `${dtype}(u.missing)` : '0'});
  if (row < u.extent) { value = x[(gid / u.inner / u.picks * u.extent + row) * u.inner + gid % u.inner]; }
  y[gid] = value;`,
  });
});

/** Each element of dx walks all indices and adds those that chose it, in their order: no atomics, the same bits every time. */
const gradientKernel = defineKernel((wide: boolean, dtype: DType, index: DType) => {
  const element = wide ? `vec4<${dtype}>` : dtype;
  const register = wide ? 'vec4<f32>' : 'f32';
  return program({
    name: 'gather.grad',
    uniforms: UNIFORMS,
    inputs: { g: element, indices: index },
    outputs: { dx: element },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let own = gid / u.inner % u.extent;
  let base = gid / u.inner / u.extent * u.picks * u.inner + gid % u.inner;
  var total = ${register}(0.0);
  for (var pick = 0u; pick < u.picks; pick++) {
    if (u32(indices[pick]) == own) { total += ${register}(g[base + pick * u.inner]); }
  }
  dx[gid] = ${element}(total);`,
  });
});

/**
 * The entries of x along `axis` that `indices` (i32 or u32, any shape) name, which take the place of that axis, as NumPy's
 * `take`: x [B, n, C], indices [p, q], axis 1 -> [B, p, q, C]. An index outside [0, n) gives NaN (0 for integers), no error.
 * dx = for every entry the sum of g over the indices that name it.
 */
export function gather(x: Tensor, indices: Tensor, axis: number): Tensor {
  expectDType('gather', 'indices', indices.dtype, ['i32', 'u32']);
  const index = normalizeAxis('gather', axis, x.shape);
  const shape = [...x.shape.slice(0, index), ...indices.shape, ...x.shape.slice(index + 1)];
  checkShape('gather', shape);
  const inner = sizeOf(x.shape.slice(index + 1));
  const wide = inner % 4 === 0;
  const unit = wide ? 4 : 1;
  const extents = [indices.size, at(x.shape, index), inner / unit];
  return scope(() => {
    const y = Tensor.empty(shape, x.dtype, x.device);
    const n = y.size / unit;
    const uniforms = [n, ...extents, floatBits(Number.NaN)];
    dispatch(pickKernel(wide, x.dtype, indices.dtype), [x, indices], [y], { uniforms, invocations: n });
    return record('gather', [x], y, { indices }, (g, saved) => {
      const dx = Tensor.empty(x.shape, x.dtype, x.device);
      const cells = dx.size / unit;
      const kernel = gradientKernel(wide, x.dtype, indices.dtype);
      dispatch(kernel, [g, saved.indices], [dx], { uniforms: [cells, ...extents], invocations: cells });
      return [dx];
    });
  });
}
