import { currentDevice, type Device } from '../gpu/device.ts';
import { dispatch, floatBits } from '../op.ts';
import { normalTable } from '../rng/normal.ts';
import type { Rng, RngDraw } from '../rng/rng.ts';
import { scope } from '../scope.ts';
import { checkShape, type Shape } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { normalFunction, PHILOX_UNIFORMS, philoxFunctions } from '../wgsl/philox.ts';
import { defineKernel, program } from '../wgsl/program.ts';

const kernel = defineKernel((normal: boolean) =>
  program({
    name: normal ? 'randn' : 'uniform',
    uniforms: `n: u32, ${PHILOX_UNIFORMS}, lo: f32, hi: f32`,
    inputs: normal ? { table: 'u32' } : {},
    outputs: { y: 'vec4<f32>' },
    workgroupSize: 64,
    declarations: philoxFunctions + (normal ? normalFunction : ''),
    body: `
  if (gid >= u.n) { return; }
  let words = randomWords(gid);
  y[gid] = ${normal ? 'vec4(normalOf(words.x), normalOf(words.y), normalOf(words.z), normalOf(words.w))' : 'u.lo + (u.hi - u.lo) * uniform01(words)'};`,
  }),
);

/** Where a draw begins, as uniform fields. */
export const drawUniforms = ({ key, stream, position }: RngDraw): number[] => [
  ...key,
  ...stream,
  position >>> 0,
  Math.floor(position / 2 ** 32),
];

/** Standard normals, f32, the same bits as `rng.normals`; advances `rng`. */
export const randn = (shape: Shape, rng: Rng): Tensor => draw(shape, rng, true, 0, 1);

/** Uniforms on [lo, hi), f32, where rounding may give hi itself: on [1, 2) once in 2^24; on [0, 1) the same bits as `rng.uniforms`. Advances `rng`. */
export const uniform = (shape: Shape, rng: Rng, lo = 0, hi = 1): Tensor => draw(shape, rng, false, lo, hi);

function draw(shape: Shape, rng: Rng, normal: boolean, lo: number, hi: number): Tensor {
  checkShape(normal ? 'randn' : 'uniform', shape);
  const device = currentDevice();
  return scope(() => {
    const y = Tensor.empty([...shape], 'f32', device);
    const n = Math.ceil(y.size / 4);
    const uniforms = [n, ...drawUniforms(rng.draw(y.size)), floatBits(lo), floatBits(hi)];
    dispatch(kernel(normal), normal ? [quantiles(device)] : [], [y], { uniforms, invocations: n });
    return y;
  });
}

/** The normal table as a tensor of the running scope. */
function quantiles(device: Device): Tensor {
  const table = Tensor.empty([normalTable.length], 'u32', device);
  table.assign(normalTable);
  return table;
}
