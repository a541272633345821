import { expectFiles } from './expect-files.ts';
import type { Savable } from './save.ts';
import { planShards } from './shard-plan.ts';

export interface ShardOptions {
  /** Bytes of tensors in one file; a tensor larger than this has a file of its own. */
  readonly maxBytes: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Writes tensors as `stem-00001-of-00003.safetensors` ... with `stem.safetensors.index.json` beside them (the names Hugging Face
 * uses), or as the one file `path` where they fit; `path` ends in `.safetensors`. Node only. Returns the path `loadSafetensors` takes.
 */
export async function saveShards(
  path: string,
  tensors: Readonly<Record<string, Savable>>,
  options: ShardOptions,
): Promise<string> {
  expectFiles(path, 'saveSafetensors a sink');
  return (await import('./node/shards.ts')).writeShards(path, planShards(tensors, options.maxBytes), options.metadata);
}
