import type { Block } from './pool.ts';
import type { Recorder } from './recorder.ts';

/** Copies a block to the host through a staging buffer; the pending commands are submitted first. */
export async function readBlock(gpu: GPUDevice, recorder: Recorder, block: Block, bytes: number): Promise<ArrayBuffer> {
  const size = Math.ceil(bytes / 4) * 4;
  const staging = gpu.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  recorder.copy(block, staging, size);
  recorder.flush();
  try {
    await staging.mapAsync(GPUMapMode.READ);
    return staging.getMappedRange().slice(0, bytes);
  } finally {
    staging.destroy();
  }
}
