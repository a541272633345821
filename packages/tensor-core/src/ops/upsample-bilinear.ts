import { expectDType } from '../dtype.ts';
import { ShapeError } from '../errors.ts';
import { dispatch } from '../op.ts';
import { scope } from '../scope.ts';
import { at, format } from '../shape.ts';
import { Tensor } from '../tensor.ts';
import { defineKernel, program } from '../wgsl/program.ts';
import { matmul } from './matmul.ts';
import { reshape } from './reshape.ts';

/** Row r of the matrix holds the two weights with which output r mixes the inputs. */
const weightsKernel = defineKernel((alignCorners: boolean, dtype: 'f32' | 'f16') =>
  program({
    name: 'upsampleBilinear.weights',
    uniforms: 'n: u32, inputs: u32, outputs: u32',
    inputs: {},
    outputs: { weights: dtype },
    workgroupSize: 64,
    body: `
  if (gid >= u.n) { return; }
  let r = f32(gid / u.inputs);
  let limit = f32(u.inputs - 1u);
  let source = ${
    alignCorners
      ? 'r * limit / max(f32(u.outputs) - 1.0, 1.0)'
      : 'clamp((r + 0.5) * f32(u.inputs) / f32(u.outputs) - 0.5, 0.0, limit)'
  };
  weights[gid] = ${dtype}(max(0.0, 1.0 - abs(source - f32(gid % u.inputs))));`,
  }),
);

/**
 * Bilinear interpolation, as two products with narrow-banded matrices: rows, then columns; the gradients are theirs.
 * x [B, H, W, C] -> [B, h, w, C]. `alignCorners` maps corner pixel centres onto each other; otherwise pixels are areas.
 */
export function upsampleBilinear(
  x: Tensor,
  [height, width]: readonly [number, number],
  options: { readonly alignCorners: boolean },
): Tensor {
  expectDType('upsampleBilinear', 'x', x.dtype, ['f32', 'f16']);
  if (x.shape.length !== 4) throw new ShapeError(`upsampleBilinear: expected [B, H, W, C], got ${format(x.shape)}`);
  if (![height, width].every((extent) => Number.isInteger(extent) && extent >= 1))
    throw new ShapeError(`upsampleBilinear: the new size must be integers >= 1, got [${height}, ${width}]`);
  const [b, h, w, c] = [0, 1, 2, 3].map((axis) => at(x.shape, axis)) as [number, number, number, number];
  const weights = (inputs: number, outputs: number): Tensor => {
    const matrix = Tensor.empty([outputs, inputs], x.dtype, x.device);
    const kernel = weightsKernel(options.alignCorners, x.dtype === 'f16' ? 'f16' : 'f32');
    dispatch(kernel, [], [matrix], { uniforms: [matrix.size, inputs, outputs], invocations: matrix.size });
    return matrix;
  };
  return scope(() => {
    const rows = matmul(weights(h, height), reshape(x, [b, h, w * c]));
    const columns = matmul(weights(w, width), reshape(rows, [b * height, w, c]));
    return reshape(columns, [b, height, width, c]);
  });
}
