import type { HostTensor } from '../parameter.ts';
import { encode, WRITTEN } from './dtypes.ts';
import { SafetensorsError } from './error.ts';
import { expectFiles } from './expect-files.ts';
import { isExtent } from './header.ts';

/** Takes a file's bytes in order. */
export interface Sink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A tensor whose numbers are fetched only when it is its turn. */
export interface PendingTensor {
  readonly shape: readonly number[];
  readonly dtype: HostTensor['dtype'];
  load(): Promise<ArrayLike<number>>;
}

export type Savable = HostTensor | PendingTensor;
/** The bytes a tensor takes in a file. */
export const bytesOf = ({ shape, dtype }: Savable): number => sizeOf(shape) * WRITTEN[dtype].bytes;
const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** Wider elements first, so that every tensor begins at a multiple of its element. */
const inFileOrder = (tensors: Readonly<Record<string, Savable>>): [string, Savable][] =>
  Object.entries(tensors).toSorted(([, a], [, b]) => WRITTEN[b.dtype].bytes - WRITTEN[a.dtype].bytes);

function headerOf(tensors: readonly [string, Savable][], metadata: Readonly<Record<string, string>>): Uint8Array {
  let offset = 0;
  const entries = tensors.map(([name, tensor]): [string, unknown] => {
    const begin = offset;
    offset += bytesOf(tensor);
    return [name, { dtype: WRITTEN[tensor.dtype].name, shape: tensor.shape, data_offsets: [begin, offset] }];
  });
  const text = JSON.stringify({ __metadata__: metadata, ...Object.fromEntries(entries) });
  const json = new TextEncoder().encode(text);
  const padded = Math.ceil(json.length / 8) * 8;
  const header = new Uint8Array(8 + padded).fill(0x20);
  new DataView(header.buffer).setBigUint64(0, BigInt(padded), true);
  header.set(json, 8);
  return header;
}

/** Refuses what no reader would take back, before anything is written. */
function checkSavable(tensors: Readonly<Record<string, Savable>>, metadata: Readonly<Record<string, unknown>>): void {
  if ('__metadata__' in tensors) throw new SafetensorsError('a tensor cannot be named __metadata__');
  for (const [name, { shape, dtype }] of Object.entries(tensors)) {
    if (!Object.hasOwn(WRITTEN, dtype))
      throw new SafetensorsError(`${name}: dtype ${dtype} is not one of ${Object.keys(WRITTEN).join(', ')}`);
    if (shape.some((extent) => !isExtent(extent)))
      throw new SafetensorsError(`${name}: shape [${shape.join(', ')}] must be a list of integers >= 0`);
  }
  for (const [name, value] of Object.entries(metadata))
    if (typeof value !== 'string')
      throw new SafetensorsError(
        `metadata ${name} is a ${typeof value}, expected a string; JSON.stringify(..) makes one`,
      );
}

/**
 * Writes tensors to a path (Node only; under a temporary name, then renamed) or a sink, a few at a time: F32, F16, I32 or U32.
 * Throws SafetensorsError when a tensor's numbers do not match its shape or dtype, and where metadata are not strings.
 */
export async function saveSafetensors(
  target: string | Sink,
  tensors: Readonly<Record<string, Savable>>,
  metadata: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (typeof target === 'string') {
    expectFiles(target, 'a sink, { write: async (bytes) => .. }');
    const { intoFile } = await import('./node/file.ts');
    return intoFile(target, (sink) => saveSafetensors(sink, tensors, metadata));
  }
  checkSavable(tensors, metadata);
  const ordered = inFileOrder(tensors);
  await target.write(headerOf(ordered, metadata));
  for (const group of grouped(ordered)) {
    const arrays = await Promise.all(group.map(([, tensor]) => ('load' in tensor ? tensor.load() : tensor.data)));
    for (const [i, [name, tensor]] of group.entries()) {
      const data = arrays[i] as ArrayLike<number>;
      if (data.length !== sizeOf(tensor.shape))
        throw new SafetensorsError(
          `${name}: ${data.length} numbers given, shape [${tensor.shape.join(', ')}] holds ${sizeOf(tensor.shape)}`,
        );
      await target.write(encode(name, tensor.dtype, data));
    }
  }
}

/** Numbers fetched together: waiting for every small tensor alone takes longer than moving it. */
const TOGETHER = 2 ** 22;

/** Consecutive tensors that hold at most so many numbers, and one at least. */
function* grouped(tensors: readonly [string, Savable][]): Generator<[string, Savable][]> {
  let group: [string, Savable][] = [];
  let size = 0;
  for (const entry of tensors) {
    const own = sizeOf(entry[1].shape);
    if (group.length > 0 && size + own > TOGETHER) {
      yield group;
      group = [];
      size = 0;
    }
    group.push(entry);
    size += own;
  }
  if (group.length > 0) yield group;
}
