import { arch, cpus, platform } from 'node:os';
import type { Device } from '@diffad/tensor-core';
import { commit, version } from './source.ts';

/** What a run was made on; kept as environment.json. */
export const environmentOf = ({ info, gpu }: Device) => ({
  version,
  commit: commit(),
  adapter: info.adapter,
  driver: gpu.adapterInfo.description,
  reason: info.reason,
  variant: info.variant,
  features: info.features,
  node: process.version,
  system: `${platform()} ${arch()}`,
  cores: cpus().length,
  date: new Date().toISOString(),
});
