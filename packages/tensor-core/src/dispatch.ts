import { mixedDevices } from './gpu/device.ts';
import type { Dispatch } from './gpu/recorder.ts';
import { currentPath } from './path.ts';
import { format } from './shape.ts';
import type { Tensor } from './tensor.ts';
import type { Kernel } from './wgsl/program.ts';

export interface DispatchOptions {
  /** One number per field of the kernel's uniform struct; floats through `floatBits`. */
  readonly uniforms: readonly number[];
  /** The grid, either in workgroups or in invocations (rounded up to workgroups). */
  readonly workgroups?: number;
  readonly invocations?: number;
  /** Floating-point operations, for the profiler. */
  readonly flops?: number;
}

/** Records `kernel` over tensors of one device; `outputs` are overwritten. Throws TypeError where they, the uniforms or the grid are not what it takes. */
export function dispatch(
  kernel: Kernel,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  options: DispatchOptions,
): void {
  checkCall(kernel, inputs.length, outputs.length, options);
  const tensors = [...inputs, ...outputs];
  const { device } = tensors[0] as Tensor;
  const blocks = tensors.map((tensor) => {
    if (tensor.device !== device) throw mixedDevices(kernel.name, [device, tensor.device]);
    return tensor.block;
  });
  const workgroups = options.workgroups ?? Math.ceil((options.invocations ?? 0) / kernel.workgroupSize);
  const call = { kernel, blocks, uniforms: options.uniforms, workgroups };
  const { profiler } = device.recorder;
  device.dispatch(profiler ? { ...call, flops: options.flops ?? 0, ...describe(tensors, inputs.length) } : call);
}

function checkCall(kernel: Kernel, inputs: number, outputs: number, options: DispatchOptions): void {
  const uniforms = options.uniforms.length;
  if (inputs !== kernel.inputs || outputs !== kernel.outputs || uniforms !== kernel.uniforms)
    throw new TypeError(
      `${kernel.name}: given ${inputs} of ${kernel.inputs} inputs, ${outputs} of ${kernel.outputs} outputs and ${uniforms} of ${kernel.uniforms} uniforms`,
    );
  if (inputs + outputs === 0) throw new TypeError(`${kernel.name}: a kernel without tensors has no device to run on`);
  if (options.workgroups === undefined && options.invocations === undefined)
    throw new TypeError(`${kernel.name}: no grid; give workgroups or invocations`);
}

function describe(tensors: readonly Tensor[], inputs: number): Pick<Dispatch, 'label' | 'path' | 'bytes'> {
  const label = (): string => {
    const shapes = tensors.map(({ shape }) => format(shape));
    return `${shapes.slice(0, inputs).join(' ')} -> ${shapes.slice(inputs).join(' ')}`;
  };
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return { label, path: currentPath(), bytes };
}
