import { dispatch } from '../../op.ts';
import type { Tensor } from '../../tensor.ts';
import { addParts, emptyParts } from '../cut-sum.ts';
import { permute } from '../permute.ts';
import { reshape } from '../reshape.ts';
import { planGather } from './gather-plans.ts';
import { type Extents, flops, type Geometry, steps } from './geometry.ts';

/** The convolution of `x`, or, `transposed`, the gradient of its input from that of its output, given as `x`. */
export function gather(geometry: Geometry, x: Tensor, w: Tensor, bias: Tensor | null, transposed: boolean): Tensor {
  const { pictures, height, width, channels, outHeight, outWidth, outChannels } = geometry;
  const input: Extents = { height, width, channels };
  const output: Extents = { height: outHeight, width: outWidth, channels: outChannels };
  const [source, target] = transposed ? [output, input] : [input, output];
  const shape = [pictures, target.height, target.width, target.channels];
  const weight = transposed ? transposeWeight(geometry, w) : w;
  const task = { geometry, source, target, bias: bias !== null, transposed, dtype: x.dtype };
  const { kernel, limit, workgroups, splits, more } = planGather(x.device.info, task);
  const parts = emptyParts(splits, shape, x);
  const extents = [source, target].flatMap((side) => [side.height, side.width, side.channels]);
  const uniforms = [limit, ...extents, ...steps(geometry), ...more];
  dispatch(kernel, bias ? [x, weight, bias] : [x, weight], [parts], { uniforms, workgroups, flops: flops(geometry) });
  return addParts(splits, parts, x.dtype);
}

/** [kh, kw, i, o] -> [kh, kw, o, i] within each group. */
function transposeWeight({ rows, columns, channels, outChannels, groups }: Geometry, w: Tensor): Tensor {
  const grouped = reshape(w, [rows * columns, channels / groups, groups, outChannels / groups]);
  return reshape(permute(grouped, [0, 3, 2, 1]), [rows, columns, outChannels / groups, channels]);
}
