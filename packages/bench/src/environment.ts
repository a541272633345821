import { cpus } from 'node:os';
import { commit } from '@diffad/diffad/node';
import type { Device } from '@diffad/tensor-core';

/** Where and when a figure was measured. */
export interface Environment {
  readonly adapter: string;
  readonly driver: string;
  readonly processor: string;
  readonly node: string;
  readonly commit: string;
  readonly date: string;
}

export function environment(device: Device): Environment {
  const { vendor, architecture, device: name, description } = device.gpu.adapterInfo;
  const { model = 'unknown' } = cpus()[0] ?? {};
  return {
    adapter: [vendor, architecture, name].filter(Boolean).join(' '),
    driver: description,
    processor: `${cpus().length} x ${model}`,
    node: process.version,
    commit: commit(),
    date: new Date().toISOString(),
  };
}
