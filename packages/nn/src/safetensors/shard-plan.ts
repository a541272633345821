import { SafetensorsError } from './error.ts';
import { bytesOf, type Savable } from './save.ts';

/** Which file holds each tensor. */
export type WeightMap = Readonly<Record<string, string>>;

/** Fills shards in order. */
export function planShards(tensors: Readonly<Record<string, Savable>>, maxBytes: number): Record<string, Savable>[] {
  if (!(maxBytes > 0)) throw new RangeError(`saveShards: maxBytes is ${maxBytes}, expected more than 0`);
  const shards: Record<string, Savable>[] = [{}];
  let filled = 0;
  for (const [name, tensor] of Object.entries(tensors)) {
    const bytes = bytesOf(tensor);
    if (filled > 0 && filled + bytes > maxBytes) {
      shards.push({});
      filled = 0;
    }
    (shards.at(-1) as Record<string, Savable>)[name] = tensor;
    filled += bytes;
  }
  return shards;
}

export const shardName = (stem: string, index: number, count: number): string =>
  `${stem}-${String(index + 1).padStart(5, '0')}-of-${String(count).padStart(5, '0')}.safetensors`;

/** The weight map of an index; file names must be plain, so that an index cannot point elsewhere. */
export function parseIndex(text: string): WeightMap {
  let index: unknown;
  try {
    index = JSON.parse(text);
  } catch {
    throw new SafetensorsError('the index is not JSON');
  }
  const map = typeof index === 'object' && index !== null && 'weight_map' in index ? index.weight_map : undefined;
  if (typeof map !== 'object' || map === null || Array.isArray(map))
    throw new SafetensorsError('the index has no weight_map from tensor names to files');
  for (const [name, file] of Object.entries(map) as [string, unknown][])
    if (typeof file !== 'string' || !/^[^/\\]+\.safetensors$/.test(file))
      throw new SafetensorsError(
        `${name}: the index names the file ${String(file)}, expected a plain *.safetensors name`,
      );
  return map as WeightMap;
}
