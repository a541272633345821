import { bytesPerElement, type DType, decode, encode, isFloat, type NumericData, type TypedArray } from './dtype.ts';
import { DTypeError, ShapeError } from './errors.ts';
import { currentDevice, type Device, mixedDevices } from './gpu/device.ts';
import type { Block } from './gpu/pool.ts';
import { checkNumber } from './number-bits.ts';
import { adopt, Handle } from './scope.ts';
import { checkShape, format, type Shape, sizeOf } from './shape.ts';

/** A pooled buffer, or a part of another storage's, and how many handles and parts hold it. */
interface Storage {
  block: Block;
  bytes: number;
  holders: number;
  whole?: Storage;
}

let nextId = 0;

/**
 * A handle to an n-dimensional array on a device, row-major and contiguous. Ops are functions; the handle only reads and ends.
 * Handles made inside `scope` end with it; any other handle is its maker's to `dispose`.
 */
export class Tensor extends Handle {
  readonly shape: Shape;
  readonly dtype: DType;
  readonly device: Device;
  /** Identity of the value: views of the tape and aliases share it. */
  readonly id: number;
  #storage: Storage | undefined;

  private constructor(shape: Shape, dtype: DType, device: Device, storage: Storage, id: number) {
    super();
    this.shape = shape;
    this.dtype = dtype;
    this.device = device;
    this.id = id;
    this.#storage = storage;
    storage.holders++;
  }

  /** A tensor whose elements are whatever its buffer held: for kernels that write all of it. */
  static empty(shape: Shape, dtype: DType, device: Device): Tensor {
    const what = `a ${dtype} tensor ${format(shape)}`;
    if (dtype === 'f16' && !device.info.features.f16)
      throw new DTypeError(`${what}: ${device.info.adapter} has no shader-f16; use f32`);
    const bytes = sizeOf(shape) * bytesPerElement(dtype);
    return adopt(
      new Tensor(shape, dtype, device, { block: device.allocate(bytes, what), bytes, holders: 0 }, nextId++),
    );
  }

  /** Another handle to the same value, outside every scope. */
  static alias(tensor: Tensor): Tensor {
    return new Tensor(tensor.shape, tensor.dtype, tensor.device, tensor.#alive(), tensor.id);
  }

  /** The same elements under another shape of equal size, as a new value. */
  static view(tensor: Tensor, shape: Shape): Tensor {
    return adopt(new Tensor(shape, tensor.dtype, tensor.device, tensor.#alive(), nextId++));
  }

  /**
   * The elements of `whole` from number `begin` on, without a copy, under an identity of their own; `begin` lies at a multiple of
   * 256 bytes. No kernel may write one part of a tensor and read another.
   */
  static part(whole: Tensor, begin: number, shape: Shape): Tensor {
    const { dtype, device } = whole;
    const unit = bytesPerElement(dtype);
    const owner = whole.#alive();
    if (owner.whole) throw new Error('internal: a part of a part');
    owner.holders++;
    const block = device.part(owner.block, begin * unit, sizeOf(shape) * unit);
    return adopt(new Tensor(shape, dtype, device, { block, bytes: 0, holders: 0, whole: owner }, nextId++));
  }

  /** All of what `part` is a part of, as a flat tensor; undefined where it is none. */
  static wholeOf(part: Tensor): Tensor | undefined {
    const { whole } = part.#alive();
    if (!whole) return undefined;
    const { dtype, device } = part;
    return adopt(new Tensor([whole.bytes / bytesPerElement(dtype)], dtype, device, whole, nextId++));
  }

  /** Copies the elements of `tensor` to `place`, a part, and lets every handle to them follow. */
  static move(tensor: Tensor, place: Tensor): void {
    const [from, to] = [tensor.#alive(), place.#alive()];
    if (!to.whole) throw new Error('internal: a tensor can only move to a part');
    copyInto(place, tensor);
    to.whole.holders++;
    tensor.#free(from);
    Object.assign(from, { block: to.block, bytes: 0, whole: to.whole });
  }

  get size(): number {
    return sizeOf(this.shape);
  }

  get bytes(): number {
    return this.size * bytesPerElement(this.dtype);
  }

  get disposed(): boolean {
    return this.#storage === undefined;
  }

  /** The GPU block behind this handle. */
  get block(): Block {
    return this.#alive().block;
  }

  /** True when no other handle shares the elements, so that they may be overwritten. */
  get unshared(): boolean {
    return this.#alive().holders === 1;
  }

  /** The elements in row-major order; f16 arrives as `Float32Array`. The only wait there is. */
  async read(): Promise<TypedArray> {
    const keep = Tensor.alias(this);
    try {
      return decode(await this.device.read(this.block, this.bytes), this.dtype, this.size);
    } finally {
      keep.dispose();
    }
  }

  /** The only element of a tensor of size one. */
  async item(): Promise<number> {
    if (this.size !== 1)
      throw new ShapeError(`item: the tensor has ${this.size} elements, expected 1 (shape ${format(this.shape)})`);
    return (await this.read())[0] as number;
  }

  /** Overwrites the elements in place; every handle to this value sees them. Throws as `tensor` does. */
  assign(data: NumericData): void {
    this.device.recorder.upload(this.block, bytesOf('assign', data, this.shape, this.dtype));
  }

  override dispose(): void {
    const storage = this.#storage;
    if (!storage) return;
    this.#storage = undefined;
    this.#release(storage);
  }

  override toString(): string {
    return `Tensor ${format(this.shape)} ${this.dtype}${this.disposed ? ', disposed' : ''}`;
  }

  #release(storage: Storage): void {
    storage.holders--;
    if (storage.holders === 0) this.#free(storage);
  }

  #free({ block, bytes, whole }: Storage): void {
    if (whole) this.#release(whole);
    else this.device.free(block, bytes);
  }

  #alive(): Storage {
    if (this.#storage) return this.#storage;
    throw new ReferenceError(
      `a disposed tensor ${format(this.shape)} ${this.dtype} is used; return it from its scope, or persist() it`,
    );
  }
}

/** Overwrites `target` with the elements of `source`, of the same size, dtype and device, by a copy of the driver's: no kernel runs. */
export function copyInto(target: Tensor, source: Tensor): void {
  if (target.size !== source.size || target.dtype !== source.dtype)
    throw new ShapeError(
      `copyInto: ${source.dtype} ${format(source.shape)} does not fit ${target.dtype} ${format(target.shape)}`,
    );
  if (target.device !== source.device) throw mixedDevices('copyInto', [target.device, source.device]);
  const { recorder } = target.device;
  const [to, from, bytes] = [target.block, source.block, Math.ceil(source.bytes / 4) * 4];
  if (to === from) return;
  if (to.buffer !== from.buffer) {
    recorder.copyInto(to, from, bytes);
    return;
  }
  // WebGPU copies between different buffers only; these are parts of one.
  using between = Tensor.empty(source.shape, source.dtype, source.device);
  recorder.copyInto(between.block, from, bytes);
  recorder.copyInto(to, between.block, bytes);
}

/**
 * A tensor from numbers in row-major order. Throws ShapeError when their count is not the product of `shape`, DTypeError when one of
 * them is none that an integer dtype can hold, such as a half or NaN.
 */
export function tensor(data: NumericData, shape: Shape, dtype: DType = 'f32'): Tensor {
  checkShape('tensor', shape);
  const bytes = bytesOf('tensor', data, shape, dtype);
  const result = Tensor.empty([...shape], dtype, currentDevice());
  result.device.recorder.upload(result.block, bytes);
  return result;
}

/** What the GPU stores for all elements of a tensor. */
function bytesOf(op: string, data: NumericData, shape: Shape, dtype: DType): Uint8Array {
  if (data.length !== sizeOf(shape))
    throw new ShapeError(`${op}: ${data.length} numbers given, shape ${format(shape)} holds ${sizeOf(shape)}`);
  const held = isFloat(dtype) || (dtype === 'i32' ? data instanceof Int32Array : data instanceof Uint32Array);
  if (!held)
    for (let i = 0; i < data.length; i++)
      checkNumber(op, data[i] as number, dtype, shape, 'round them, or give it another dtype');
  return encode(data, dtype);
}
