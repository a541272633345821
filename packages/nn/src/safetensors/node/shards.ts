import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SafetensorsError } from '../error.ts';
import type { LoadedFile } from '../load.ts';
import { bytesOf, type Savable, saveSafetensors } from '../save.ts';
import { parseIndex, shardName } from '../shard-plan.ts';
import { intoFile } from './file.ts';

/** Writes the shards between removing the index that was there and writing theirs: a save that broke off leaves none that points at half a set. */
export async function writeShards(
  path: string,
  shards: readonly Record<string, Savable>[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<string> {
  if (!path.endsWith('.safetensors')) throw new RangeError(`saveShards: ${path} does not end in .safetensors`);
  const indexPath = `${path}.index.json`;
  const [only] = shards;
  if (only && shards.length === 1) {
    await saveSafetensors(path, only, metadata);
    await rm(indexPath, { force: true });
    return path;
  }
  await rm(indexPath, { force: true });
  const stem = basename(path, '.safetensors');
  const weightMap: [string, string][] = [];
  let bytes = 0;
  for (const [i, shard] of shards.entries()) {
    const name = shardName(stem, i, shards.length);
    await saveSafetensors(join(dirname(path), name), shard, metadata);
    for (const [tensor, value] of Object.entries(shard)) {
      weightMap.push([tensor, name]);
      bytes += bytesOf(value);
    }
  }
  const index = { metadata: { total_size: bytes }, weight_map: Object.fromEntries(weightMap) };
  const text = new TextEncoder().encode(`${JSON.stringify(index, null, 2)}\n`);
  await intoFile(indexPath, (sink) => sink.write(text));
  return indexPath;
}

/** Every tensor of every shard, each read by `load`; each must lie where the index says, and nothing else beside it. */
export async function loadShards(path: string, load: (path: string) => Promise<LoadedFile>): Promise<LoadedFile> {
  const map = parseIndex(await readFile(path, 'utf8'));
  const tensors: [string, LoadedFile['tensors'][string]][] = [];
  let metadata: LoadedFile['metadata'] = {};
  for (const file of new Set(Object.values(map))) {
    const shard = await load(join(dirname(path), file));
    metadata = { ...metadata, ...shard.metadata };
    for (const [name, tensor] of Object.entries(shard.tensors)) {
      if (map[name] !== file)
        throw new SafetensorsError(`${file}: holds ${name}, which the index does not place there`);
      tensors.push([name, tensor]);
    }
  }
  const loaded = Object.fromEntries(tensors);
  const missing = Object.keys(map).filter((name) => !Object.hasOwn(loaded, name));
  if (missing.length > 0) throw new SafetensorsError(`${path}: no shard holds ${missing.join(', ')}`);
  return { tensors: loaded, metadata };
}
