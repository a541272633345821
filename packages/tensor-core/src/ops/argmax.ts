import { type DType, isFloat } from '../dtype.ts';
import { dispatch } from '../op.ts';
import { scope } from '../scope.ts';
import { at, normalizeAxis, sizeOf } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const kernel = defineKernel((dtype: DType) => {
  // WGSL compilers may assume there are no NaNs: only the bits tell.
  const nan = (name: string): string =>
    isFloat(dtype) ? `((bitcast<u32>(f32(${name})) & 0x7fffffffu) > 0x7f800000u)` : 'false';
  return program({
    name: 'argmax',
    uniforms: 'n: u32, length: u32, inner: u32',
    inputs: { x: dtype },
    outputs: { y: 'i32' },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let base = gid / u.inner * u.length * u.inner + gid % u.inner;
  var best = x[base];
  var place = 0u;
  for (var i = 1u; i < u.length; i++) {
    let value = x[base + i * u.inner];
    if (!${nan('best')} && (value > best || ${nan('value')})) { best = value; place = i; }
  }
  y[gid] = i32(place);`,
  });
});

/** Where along `axis` the greatest of x stands, as i32 without that axis: the first of equals, the first NaN if there is one. No gradient. */
export function argmax(x: Tensor, axis: number): Tensor {
  const index = normalizeAxis('argmax', axis, x.shape);
  const length = at(x.shape, index);
  const inner = sizeOf(x.shape.slice(index + 1));
  return scope(() => {
    const shape = x.shape.filter((_, i) => i !== index);
    const y = Tensor.empty(shape, 'i32', x.device);
    dispatch(kernel(x.dtype), [x], [y], { uniforms: [y.size, length, inner], invocations: y.size });
    return y;
  });
}
