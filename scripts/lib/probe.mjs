// Run as a child process, with the file whose packages hold Dawn as an optional argument: prints { name, software } if Dawn has an adapter that computes correctly, else { error }.
import { createRequire } from 'node:module';

const require = createRequire(process.argv[2] ?? new URL('../../packages/tensor-core/package.json', import.meta.url));
const code =
  '@group(0) @binding(0) var<storage, read_write> x: array<u32>; @compute @workgroup_size(1) fn main() { x[0] = 6u * 7u; }';

async function probe() {
  const { create, globals } = require('webgpu');
  Object.assign(globalThis, globals);
  // Dawn's instance dies, and the process with it, when this object is collected.
  globalThis.dawnInstance = create([]);
  const adapter = await globalThis.dawnInstance.requestAdapter();
  if (!adapter) return { error: 'no Vulkan driver that Dawn accepts' };
  const { description, device: part, vendor, architecture, isFallbackAdapter } = adapter.info;
  const name = description || part || architecture || vendor;
  const answer = await compute(await adapter.requestDevice());
  if (answer !== 42) return { error: `${name} computes wrong numbers` };
  return {
    name,
    software: isFallbackAdapter || /llvmpipe|swiftshader|basic render/i.test(`${name} ${part} ${architecture}`),
  };
}

async function compute(device) {
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module } });
  const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
  const staging = device.createBuffer({ size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const entries = [{ binding: 0, resource: { buffer } }];
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, 4);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  return new Uint32Array(staging.getMappedRange())[0];
}

const result = await probe().catch((error) => ({ error: String(error.message ?? error).split('\n')[0] }));
process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
