import { arch, cpus, platform } from 'node:os';
import type { Device } from '@diffad/tensor-core';

/** What a run was made on; kept as environment.json. */
export const environmentOf = ({ info }: Device) => ({
  adapter: info.adapter,
  reason: info.reason,
  variant: info.variant,
  features: info.features,
  node: process.version,
  system: `${platform()} ${arch()}`,
  cores: cpus().length,
  date: new Date().toISOString(),
});
