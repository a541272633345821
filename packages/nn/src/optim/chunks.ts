import { copyInto, type Shape, scope, Tensor, withDevice, zeros } from '@diffad/tensor-core';
import { castInto } from './flat-kernels.ts';

export type Named = Readonly<Record<string, Tensor>>;

/** Every tensor of a chunk begins at a multiple of so many elements: 256 bytes of f16, 512 of f32. */
const ALIGN = 128;

interface Slot {
  readonly name: string;
  readonly shape: Shape;
  readonly begin: number;
}

/** Where tensors lie side by side in one buffer of `size` elements. */
export interface Chunk {
  readonly slots: readonly Slot[];
  readonly size: number;
}

/** Elements a buffer takes for `size` of them. */
export const padded = (size: number): number => Math.ceil(size / ALIGN) * ALIGN;

type Planned = Pick<Tensor, 'shape' | 'size' | 'dtype'>;

/** What a chunk takes as f32: one binding of every adapter, and little beside a large network when its gradients are gathered. */
const CHUNK_BYTES = 2 ** 27;

/** Fills chunks, each of one dtype and of `limit` bytes at most, or one tensor. */
export function plan(tensors: readonly (readonly [string, Planned])[], limit = CHUNK_BYTES): Chunk[] {
  const chunks: { slots: Slot[]; size: number }[] = [];
  const open = new Map<string, (typeof chunks)[number]>();
  for (const [name, { shape, size, dtype }] of tensors) {
    const last = open.get(dtype);
    const fits = last && (last.size + padded(size)) * 4 <= limit;
    const chunk = fits ? last : { slots: [], size: 0 };
    if (!fits) chunks.push(chunk);
    open.set(dtype, chunk);
    chunk.slots.push({ name, shape, begin: chunk.size });
    chunk.size += padded(size);
  }
  return chunks;
}

/** Each tensor of a chunk, within the buffer `whole`. */
export const partsOf = ({ slots }: Chunk, whole: Tensor): [string, Tensor][] =>
  slots.map(({ name, shape, begin }) => [name, Tensor.part(whole, begin, shape)]);

/** The buffer in which `values` already lie exactly as `chunk` wants them. */
export function wholeOf({ slots, size }: Chunk, values: Named): Tensor | undefined {
  const [head] = slots;
  const first = head && values[head.name];
  if (!first) return undefined;
  return scope(() => {
    const whole = Tensor.wholeOf(first);
    if (!whole || whole.size !== size) return undefined;
    const unit = whole.bytes / whole.size;
    const fits = slots.every(({ name, begin }) => {
      const value = values[name] as Tensor;
      return (
        value.dtype === whole.dtype && value.block.buffer === whole.block.buffer && value.block.offset === begin * unit
      );
    });
    return fits ? whole : undefined;
  });
}

/** Moves tensors into one new buffer; between them are zeros. */
export function moveTogether({ slots, size }: Chunk, tensors: Named): Tensor {
  return scope(() => {
    const { dtype, device } = tensors[(slots[0] as Slot).name] as Tensor;
    const whole = withDevice(device, () => zeros([size], dtype));
    for (const { name, shape, begin } of slots) Tensor.move(tensors[name] as Tensor, Tensor.part(whole, begin, shape));
    return whole;
  });
}

/** Puts one tensor where it belongs in an f32 buffer: a copy, or a kernel that converts. */
export type Place = (part: Tensor, value: Tensor) => void;
const copyOrCast: Place = (part, value) => (value.dtype === 'f32' ? copyInto(part, value) : castInto(part, value));

/** Copies tensors into one new f32 buffer; between them are zeros, or whatever was there. */
export function copyTogether(
  { slots, size }: Chunk,
  values: Named,
  between: 'zeros' | 'anything',
  place: Place = copyOrCast,
): Tensor {
  const { device } = values[(slots[0] as Slot).name] as Tensor;
  const extent = padded(size);
  const whole = between === 'zeros' ? withDevice(device, () => zeros([extent])) : Tensor.empty([extent], 'f32', device);
  for (const { name, shape, begin } of slots) place(Tensor.part(whole, begin, shape), values[name] as Tensor);
  return whole;
}
