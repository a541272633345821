/** Extents of a batched product c [batches, m, n]; a batch stride of 0 repeats one matrix. */
export const MATMUL_UNIFORMS = 'batches: u32, m: u32, n: u32, k: u32, strideA: u32, strideB: u32';
