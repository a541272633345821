export { checkpoint } from './autograd/checkpoint.ts';
export { type GradientsOf, valueAndGrad } from './autograd/value-and-grad.ts';
export { type DType, floatToHalf, halfToFloat, type NumericData, type TypedArray } from './dtype.ts';
export { DeviceError, type DeviceErrorKind, DTypeError, NaNError, ShapeError } from './errors.ts';
export {
  createDevice,
  currentDevice,
  Device,
  type DeviceInfo,
  type InitOptions,
  init,
  type MemoryInfo,
  type MemoryObserver,
  type Variant,
  withDevice,
} from './gpu/device.ts';
export type { KernelTiming } from './gpu/profiler.ts';
export { underNode } from './gpu/under-node.ts';
export { memory } from './memory.ts';
export { withNaNGuard } from './nan-guard.ts';
export { type DispatchOptions, dispatch, floatBits, record } from './op.ts';
export { argmax } from './ops/argmax.ts';
export { type AttentionOptions, attention } from './ops/attention.ts';
export { type BatchNormOptions, batchNorm } from './ops/batch-norm.ts';
export * from './ops/binary.ts';
export * from './ops/cast.ts';
export { concat } from './ops/concat.ts';
export { type ConvTranspose2dOptions, convTranspose2d } from './ops/conv-transpose2d.ts';
export { type Conv2dOptions, conv2d } from './ops/conv2d.ts';
export * from './ops/create.ts';
export { dropout } from './ops/dropout.ts';
export { embedding } from './ops/embedding.ts';
export { gather } from './ops/gather.ts';
export { type GroupNormOptions, groupNorm } from './ops/group-norm.ts';
export { layerNorm } from './ops/layer-norm.ts';
export { linear } from './ops/linear.ts';
export { type MatmulOptions, matmul } from './ops/matmul.ts';
export { oneHot } from './ops/one-hot.ts';
export { pad } from './ops/pad.ts';
export * from './ops/permute.ts';
export { type AvgPool2dOptions, avgPool2d, maxPool2d, type Pool2dOptions } from './ops/pool2d.ts';
export { randn, uniform } from './ops/random.ts';
export * from './ops/reduce.ts';
export * from './ops/reshape.ts';
export { slice, split } from './ops/slice.ts';
export { logSoftmax, softmax } from './ops/softmax.ts';
export { mean, variance } from './ops/statistics.ts';
export * from './ops/unary.ts';
export { upsampleBilinear } from './ops/upsample-bilinear.ts';
export { upsampleNearest } from './ops/upsample-nearest.ts';
export { where } from './ops/where.ts';
export { currentPath, within } from './path.ts';
export { Rng, type RngState } from './rng/rng.ts';
export { persist, scope } from './scope.ts';
export { MAX_RANK, type Shape } from './shape.ts';
export { copyInto, Tensor, tensor } from './tensor.ts';
export type { NormActivation } from './wgsl/norm/forward.ts';
export { defineKernel, type Kernel, program } from './wgsl/program.ts';
