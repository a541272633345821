/** Counts what a library makes on its device: pipelines, and bytes of buffers made and not yet destroyed, its pools included. */
export class Meter {
  #pipelines = 0;
  #bytes = 0;
  #peak = 0;

  constructor(gpu: GPUDevice) {
    const { createBuffer, createComputePipeline, createComputePipelineAsync } = gpu;
    gpu.createBuffer = (descriptor) => this.#watched(createBuffer.call(gpu, descriptor));
    gpu.createComputePipeline = (descriptor) => {
      this.#pipelines++;
      return createComputePipeline.call(gpu, descriptor);
    };
    gpu.createComputePipelineAsync = (descriptor) => {
      this.#pipelines++;
      return createComputePipelineAsync.call(gpu, descriptor);
    };
  }

  get pipelines(): number {
    return this.#pipelines;
  }

  /** The most bytes at once since the last `restart`. */
  get peakBytes(): number {
    return this.#peak;
  }

  restart(): void {
    this.#peak = this.#bytes;
  }

  #watched(buffer: GPUBuffer): GPUBuffer {
    const { size, destroy } = buffer;
    let alive = true;
    this.#bytes += size;
    this.#peak = Math.max(this.#peak, this.#bytes);
    buffer.destroy = () => {
      if (alive) this.#bytes -= size;
      alive = false;
      return destroy.call(buffer);
    };
    return buffer;
  }
}
