import type { Kernel } from '../wgsl/program.ts';
import type { Block } from './pool.ts';
import type { Profiler } from './profiler.ts';

export interface Dispatch {
  readonly kernel: Kernel;
  /** Inputs, then outputs. */
  readonly blocks: readonly Block[];
  /** One number per four-byte field of the uniform struct; floats go through `floatBits`. */
  readonly uniforms: readonly number[];
  readonly workgroups: number;
  /** For the profiler: floating-point operations, bytes moved once, the shapes (written out when read), the path of the layer. */
  readonly flops?: number;
  readonly bytes?: number;
  readonly label?: () => string;
  readonly path?: string;
}

const UNIFORM_BYTES = 256;
const ARENA_SLOTS = 512;
const FLUSH_EVERY = 256;
const BIND_GROUP_LIMIT = 16384;

const floats = new Float32Array(1);
const floatWords = new Uint32Array(floats.buffer);

/** The bits of an f32, for a uniform field declared `f32`. */
export function floatBits(value: number): number {
  floats[0] = value;
  return floatWords[0] as number;
}

/**
 * Records dispatches into one pass of one encoder and submits them at `flush`.
 * Uniforms share one arena with dynamic offsets; pipelines are cached by WGSL text, bind groups by their buffers.
 */
export class Recorder {
  readonly #gpu: GPUDevice;
  readonly #arena: GPUBuffer;
  readonly #uniforms = new Uint32Array((UNIFORM_BYTES / 4) * ARENA_SLOTS);
  readonly #slotBytes: number;
  // Reading `gpu.limits` makes a new wrapper each time: once is enough.
  readonly #rowLimit: number;
  readonly #layouts = new Map<string, { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout }>();
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #byKernel = new WeakMap<Kernel, GPUComputePipeline>();
  readonly #bindGroups = new Map<string, GPUBindGroup>();
  #encoder: GPUCommandEncoder | undefined;
  #pass: GPUComputePassEncoder | undefined;
  #recorded = 0;
  /** How often commands were submitted; a block whose `lastUse` equals it is read or written by commands not yet submitted. */
  #flushes = 0;
  profiler: Profiler | undefined;

  constructor(gpu: GPUDevice) {
    this.#gpu = gpu;
    this.#slotBytes = Math.max(gpu.limits.minUniformBufferOffsetAlignment, 64);
    this.#rowLimit = gpu.limits.maxComputeWorkgroupsPerDimension;
    this.#arena = gpu.createBuffer({
      size: ARENA_SLOTS * UNIFORM_BYTES,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  get pipelines(): number {
    return this.#pipelines.size;
  }

  dispatch(call: Dispatch): void {
    if (call.workgroups === 0) return;
    const slots = Math.ceil(Math.max(call.uniforms.length * 4, 1) / this.#slotBytes);
    if (this.#recorded >= FLUSH_EVERY || this.#recorded + slots > ARENA_SLOTS) this.flush();
    const offset = this.#writeUniforms(call.uniforms, slots);
    const pass = this.#openPass(call);
    pass.setPipeline(this.#pipeline(call.kernel));
    pass.setBindGroup(0, this.#bindGroup(call), [offset]);
    const rows = Math.ceil(call.workgroups / this.#rowLimit);
    pass.dispatchWorkgroups(Math.ceil(call.workgroups / rows), rows);
    for (const block of call.blocks) block.lastUse = this.#flushes;
    if (this.profiler) this.#closePass();
  }

  /** Records a copy of the first `bytes` bytes, outside any pass. */
  copy(source: Block, target: GPUBuffer, bytes: number): void {
    this.#closePass();
    this.#openEncoder().copyBufferToBuffer(source.buffer, source.offset, target, 0, bytes);
    source.lastUse = this.#flushes;
  }

  /** Records a copy between blocks of different buffers. */
  copyInto(target: Block, source: Block, bytes: number): void {
    this.#closePass();
    this.#openEncoder().copyBufferToBuffer(source.buffer, source.offset, target.buffer, target.offset, bytes);
    source.lastUse = this.#flushes;
    target.lastUse = this.#flushes;
  }

  /** Writes host bytes into a block. A queue write overtakes recorded commands, so those touching the block go first. */
  upload(block: Block, bytes: Uint8Array): void {
    if (block.lastUse === this.#flushes) this.flush();
    const whole = bytes.byteLength & ~3;
    this.#gpu.queue.writeBuffer(block.buffer, block.offset, bytes, 0, whole);
    if (whole === bytes.byteLength) return;
    const rest = new Uint8Array(4);
    rest.set(bytes.subarray(whole));
    this.#gpu.queue.writeBuffer(block.buffer, block.offset + whole, rest);
  }

  flush(): void {
    this.#closePass();
    if (!this.#encoder) return;
    this.profiler?.resolve(this.#encoder);
    this.#gpu.queue.writeBuffer(this.#arena, 0, this.#uniforms, 0, (this.#recorded * this.#slotBytes) / 4);
    this.#gpu.queue.submit([this.#encoder.finish()]);
    this.#encoder = undefined;
    this.#recorded = 0;
    this.#flushes++;
  }

  /** Forgets bind groups, which would keep destroyed buffers alive. */
  forgetBindGroups(): void {
    this.#bindGroups.clear();
  }

  destroy(): void {
    this.#closePass();
    this.#encoder = undefined;
    this.#arena.destroy();
  }

  #writeUniforms(values: readonly number[], slots: number): number {
    const offset = this.#recorded * this.#slotBytes;
    for (let i = 0; i < values.length; i++) this.#uniforms[offset / 4 + i] = values[i] as number;
    this.#recorded += slots;
    return offset;
  }

  #openEncoder(): GPUCommandEncoder {
    this.#encoder ??= this.#gpu.createCommandEncoder();
    return this.#encoder;
  }

  #openPass(call: Dispatch): GPUComputePassEncoder {
    const timestampWrites = this.profiler?.begin(call);
    this.#pass ??= this.#openEncoder().beginComputePass(timestampWrites ? { timestampWrites } : {});
    return this.#pass;
  }

  #closePass(): void {
    this.#pass?.end();
    this.#pass = undefined;
  }

  #layout(kernel: Kernel): { group: GPUBindGroupLayout; pipeline: GPUPipelineLayout } {
    const key = `${kernel.inputs},${kernel.outputs}`;
    const known = this.#layouts.get(key);
    if (known) return known;
    const visibility = GPUShaderStage.COMPUTE;
    const entries: GPUBindGroupLayoutEntry[] = [
      { binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } },
    ];
    for (let i = 0; i < kernel.inputs + kernel.outputs; i++)
      entries.push({
        binding: i + 1,
        visibility,
        buffer: { type: i < kernel.inputs ? 'read-only-storage' : 'storage' },
      });
    const group = this.#gpu.createBindGroupLayout({ entries });
    const layout = { group, pipeline: this.#gpu.createPipelineLayout({ bindGroupLayouts: [group] }) };
    this.#layouts.set(key, layout);
    return layout;
  }

  #pipeline(kernel: Kernel): GPUComputePipeline {
    const known = this.#byKernel.get(kernel) ?? this.#pipelines.get(kernel.code);
    if (known) return known;
    const module = this.#gpu.createShaderModule({ code: kernel.code, label: kernel.name });
    const pipeline = this.#gpu.createComputePipeline({
      label: kernel.name,
      layout: this.#layout(kernel).pipeline,
      compute: { module },
    });
    this.#pipelines.set(kernel.code, pipeline);
    this.#byKernel.set(kernel, pipeline);
    return pipeline;
  }

  #bindGroup(call: Dispatch): GPUBindGroup {
    let key = `${call.kernel.inputs}`;
    for (const block of call.blocks) key += `,${block.id}`;
    const known = this.#bindGroups.get(key);
    if (known) return known;
    if (this.#bindGroups.size >= BIND_GROUP_LIMIT) this.#bindGroups.clear();
    const uniforms = { binding: 0, resource: { buffer: this.#arena, size: UNIFORM_BYTES } };
    const arrays = call.blocks.map(({ buffer, offset, bytes }, i) => ({
      binding: i + 1,
      resource: { buffer, offset, size: bytes },
    }));
    const group = this.#gpu.createBindGroup({
      layout: this.#layout(call.kernel).group,
      entries: [uniforms, ...arrays],
    });
    this.#bindGroups.set(key, group);
    return group;
  }
}
