/** What decides the text of a kernel: its structure, never its extents. */
export type Structure = string | number | boolean;

export interface ProgramParts {
  readonly name: string;
  /** Fields of the uniform struct `u`, each four bytes wide: `n: u32, slope: f32`. */
  readonly uniforms: string;
  /** Read-only arrays, in binding order: name to element type. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Read-write arrays, after the inputs. */
  readonly outputs: Readonly<Record<string, string>>;
  readonly workgroupSize: number;
  /** Declarations outside `main`. */
  readonly declarations?: string;
  /** Body of `main`; it sees `u`, `wg` (workgroup), `lid` (invocation in it) and `gid` (invocation in the grid), all linear u32. */
  readonly body: string;
}

/** A kernel's text and what the dispatcher must know of it. */
export interface Kernel {
  readonly name: string;
  readonly code: string;
  /** How many fields and arrays it binds. */
  readonly uniforms: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly workgroupSize: number;
}

/** Assembles a compute shader: uniforms at binding 0, then inputs, then outputs; grids are linear and may be folded in y. */
export function program(parts: ProgramParts): Kernel {
  const inputs = Object.entries(parts.inputs);
  const outputs = Object.entries(parts.outputs);
  const bindings = [
    ...inputs.map(([name, type], i) => `@group(0) @binding(${i + 1}) var<storage, read> ${name}: array<${type}>;`),
    ...outputs.map(
      ([name, type], i) =>
        `@group(0) @binding(${inputs.length + i + 1}) var<storage, read_write> ${name}: array<${type}>;`,
    ),
  ];
  const code = `struct Uniforms { ${parts.uniforms} }
@group(0) @binding(0) var<uniform> u: Uniforms;
${bindings.join('\n')}
${parts.declarations?.trim() ?? ''}
@compute @workgroup_size(${parts.workgroupSize})
fn main(
  @builtin(workgroup_id) workgroup: vec3<u32>,
  @builtin(num_workgroups) grid: vec3<u32>,
  @builtin(local_invocation_index) lid: u32,
) {
  let wg = workgroup.x + workgroup.y * grid.x;
  let gid = wg * ${parts.workgroupSize}u + lid;
  ${parts.body.trim()}
}
`;
  const extensions = [/\bf16\b/.test(code) && 'f16', /\bsubgroup[A-Z]/.test(code) && 'subgroups'].filter(Boolean);
  return {
    name: parts.name,
    code: extensions.length > 0 ? `enable ${extensions.join(', ')};\n${code}` : code,
    uniforms: parts.uniforms.split(',').length,
    inputs: inputs.length,
    outputs: outputs.length,
    workgroupSize: parts.workgroupSize,
  };
}

/** Kernels by structure, one part of it a level: walking it makes no garbage. */
interface Branch {
  readonly next: Map<Structure, Branch>;
  kernel?: Kernel;
}

function follow(branch: Branch, part: Structure): Branch {
  const known = branch.next.get(part);
  if (known) return known;
  const fresh: Branch = { next: new Map() };
  branch.next.set(part, fresh);
  return fresh;
}

/** Remembers the kernels a pure builder makes, one per structure. */
export function defineKernel<S extends readonly Structure[]>(
  build: (...structure: S) => Kernel,
): (...structure: S) => Kernel {
  const root: Branch = { next: new Map() };
  return (...structure) => {
    let branch = root;
    for (const part of structure) branch = follow(branch, part);
    branch.kernel ??= build(...structure);
    return branch.kernel;
  };
}
