import { expect, test } from 'vitest';
import { defineKernel, program } from '../src/wgsl/program.ts';
import { reduceKernel } from '../src/wgsl/reduce.ts';
import { softmaxKernel } from '../src/wgsl/softmax.ts';

test('a program: uniforms, inputs, outputs, linear indices over a folded grid', () => {
  const kernel = program({
    name: 'scale',
    uniforms: 'n: u32, factor: f32',
    inputs: { x: 'vec4<f16>' },
    outputs: { y: 'vec4<f16>' },
    workgroupSize: 64,
    body: 'if (gid < u.n) { y[gid] = x[gid] * f16(u.factor); }',
  });
  expect(kernel).toMatchObject({ name: 'scale', inputs: 1, outputs: 1, workgroupSize: 64 });
  expect(kernel.code).toMatchInlineSnapshot(`
    "enable f16;
    struct Uniforms { n: u32, factor: f32 }
    @group(0) @binding(0) var<uniform> u: Uniforms;
    @group(0) @binding(1) var<storage, read> x: array<vec4<f16>>;
    @group(0) @binding(2) var<storage, read_write> y: array<vec4<f16>>;

    @compute @workgroup_size(64)
    fn main(
      @builtin(workgroup_id) workgroup: vec3<u32>,
      @builtin(num_workgroups) grid: vec3<u32>,
      @builtin(local_invocation_index) lid: u32,
    ) {
      let wg = workgroup.x + workgroup.y * grid.x;
      let gid = wg * 64u + lid;
      if (gid < u.n) { y[gid] = x[gid] * f16(u.factor); }
    }
    "
  `);
});

test('the text of a reduction', () => {
  expect(reduceKernel('max', false, 0, 8, 'f32', 'f32').code).toMatchInlineSnapshot(`
    "struct Uniforms { n: u32, slices: u32, length: u32, inner: u32 }
    @group(0) @binding(0) var<uniform> u: Uniforms;
    @group(0) @binding(1) var<storage, read> x: array<f32>;
    @group(0) @binding(2) var<storage, read_write> y: array<f32>;
    fn sliceBegin(slice: u32, length: u32, slices: u32) -> u32 {
      return slice * (length / slices) + min(slice, length % slices);
    }
    fn isNaN4(x: vec4<f32>) -> vec4<bool> { return (bitcast<vec4<u32>>(x) & vec4(0x7fffffffu)) > vec4(0x7f800000u); }
    @compute @workgroup_size(32)
    fn main(
      @builtin(workgroup_id) workgroup: vec3<u32>,
      @builtin(num_workgroups) grid: vec3<u32>,
      @builtin(local_invocation_index) lid: u32,
    ) {
      let wg = workgroup.x + workgroup.y * grid.x;
      let gid = wg * 32u + lid;
      if (gid >= u.n) { return; }
      let part = gid / u.inner;
      let column = gid % u.inner;
      const row = 0u; const rows = 1u; const inside = true;
      let first = sliceBegin(part % u.slices, u.length, u.slices);
      let end = sliceBegin(part % u.slices + 1u, u.length, u.slices);
      let base = part / u.slices * u.length * u.inner + column;
      var total = f32(x[base + first * u.inner]);
      for (var i = first + row; i < end; i += rows) {
        let value = f32(x[base + i * u.inner]);
        total = select(total, value, (value > total) | isNaN4(vec4(value)).x);
      }
      
      if (row == 0u && inside) { y[part * u.inner + column] = f32(total); }
    }
    "
  `);
});

test('the text of a softmax', () => {
  expect(softmaxKernel(false, true, 0, 8, 'f32').code).toMatchInlineSnapshot(`
    "struct Uniforms { n: u32, length: u32, inner: u32 }
    @group(0) @binding(0) var<uniform> u: Uniforms;
    @group(0) @binding(1) var<storage, read> x: array<vec4<f32>>;
    @group(0) @binding(2) var<storage, read_write> y: array<vec4<f32>>;
    fn nan4(x: vec4<f32>) -> vec4<f32> { return bitcast<vec4<f32>>(bitcast<vec4<u32>>(x) | vec4(0x7fc00000u)); }
    fn exp4(x: vec4<f32>) -> vec4<f32> { return select(exp(x), x, isNaN4(x)); }
    fn isNaN4(x: vec4<f32>) -> vec4<bool> { return (bitcast<vec4<u32>>(x) & vec4(0x7fffffffu)) > vec4(0x7f800000u); }
    fn log4(x: vec4<f32>) -> vec4<f32> {
      return select(select(log(x), -infinity4(x), x == vec4(0.0)), nan4(x), isNaN4(x) | (x < vec4(0.0)));
    }
    fn infinity4(x: vec4<f32>) -> vec4<f32> { return bitcast<vec4<f32>>((bitcast<vec4<u32>>(x) & vec4(0u)) | vec4(0x7f800000u)); }
    @compute @workgroup_size(32)
    fn main(
      @builtin(workgroup_id) workgroup: vec3<u32>,
      @builtin(num_workgroups) grid: vec3<u32>,
      @builtin(local_invocation_index) lid: u32,
    ) {
      let wg = workgroup.x + workgroup.y * grid.x;
      let gid = wg * 32u + lid;
      if (gid >= u.n) { return; }
      let part = gid / u.inner;
      let column = gid % u.inner;
      const row = 0u; const rows = 1u; const inside = true;
      let base = part * u.length * u.inner + column;
      var own = vec4<f32>(-3.4028234e38);
      var total = vec4<f32>(0.0);
      for (var i = row; i < u.length; i += rows) {
        let value = vec4<f32>(x[base + i * u.inner]);
        let ahead = value - own;
        let e = exp4(-abs(ahead));
        total = select(total + e, total * e + 1.0, ahead > vec4<f32>(0.0));
        own = max(own, value);
      }
      var top = own;
      
      total *= exp4(own - top);
      
      total = select(total, nan4(total), bitcast<vec4<u32>>(top) == vec4(0x7f800000u));
      let scale = 1.0 / total;
      for (var i = row; i < u.length && inside; i += rows) {
        let value = vec4<f32>(x[base + i * u.inner]);
        y[base + i * u.inner] = vec4<f32>(exp4(value - top) * scale);
      }
    }
    "
  `);
});

test('a kernel is built once per structure, true and the text true apart', () => {
  let built = 0;
  const kernel = defineKernel((flag: boolean | string, n: number) => {
    built++;
    return program({ name: `${flag} ${n}`, uniforms: 'n: u32', inputs: {}, outputs: {}, workgroupSize: 1, body: '' });
  });
  expect(kernel(true, 1)).toBe(kernel(true, 1));
  for (const other of [kernel('true', 1), kernel(false, 1), kernel(true, 2)]) expect(other).not.toBe(kernel(true, 1));
  expect(built).toBe(4);
});
