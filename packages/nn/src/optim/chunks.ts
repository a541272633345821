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

/** Fills chunks of one dtype in order, none larger than one binding of f32. */
export function plan(tensors: readonly (readonly [string, Tensor])[]): Chunk[] {
  const limits = tensors[0]?.[1].device.info.limits;
  const capacity = Math.min(limits?.maxStorageBufferBindingSize ?? 0, limits?.maxBufferSize ?? 0) / 4;
  const chunks: { dtype: string; slots: Slot[]; size: number }[] = [];
  for (const [name, { shape, size, dtype }] of tensors) {
    let chunk = chunks.at(-1);
    if (!chunk || chunk.dtype !== dtype || chunk.size + padded(size) > capacity) {
      chunk = { dtype, slots: [], size: 0 };
      chunks.push(chunk);
    }
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

/** Copies tensors into one new f32 buffer; between them are zeros, or whatever was there. */
export function copyTogether({ slots, size }: Chunk, values: Named, between: 'zeros' | 'anything'): Tensor {
  const { device } = values[(slots[0] as Slot).name] as Tensor;
  const extent = padded(size);
  const whole = between === 'zeros' ? withDevice(device, () => zeros([extent])) : Tensor.empty([extent], 'f32', device);
  for (const { name, shape, begin } of slots) {
    const value = values[name] as Tensor;
    const place = Tensor.part(whole, begin, shape);
    if (value.dtype === 'f32') copyInto(place, value);
    else castInto(place, value);
  }
  return whole;
}
