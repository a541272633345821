import { test } from 'vitest';
import type { DType, NumericData } from '../src/dtype.ts';
import { floatToHalf, halfToFloat } from '../src/dtype.ts';
import { type Device, type Variant, withDevice } from '../src/gpu/device.ts';
import { mul, Rng, type Shape, scope, sum, type Tensor, tensor, valueAndGrad } from '../src/index.ts';
import { format, sameShape, sizeOf } from '../src/shape.ts';
import { devices } from './devices.ts';

/** A plain array in float64: what references compute with. */
export interface NdArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

export interface InputSpec {
  readonly shape: Shape;
  /** Row-major; standard normals when missing. */
  readonly values?: NumericData;
  readonly dtype?: DType;
}

export interface Laws {
  readonly inputs: readonly (Shape | InputSpec)[];
  readonly op: (...inputs: Tensor[]) => Tensor;
  /** The same function in float64, as naive as possible. */
  readonly reference: (...inputs: NdArray[]) => NdArray;
  /** Allowed |difference| relative to the largest reference magnitude (at least 1). Default 1e-4; f16 needs 1e-2. */
  readonly tolerance?: number;
  /** Which inputs have a gradient: all float inputs when missing. */
  readonly gradients?: boolean | readonly boolean[];
  /** Allowed gradient difference, likewise relative; default ten times `tolerance`. */
  readonly gradientTolerance?: number;
  readonly variants?: readonly Variant[];
  readonly seed?: number;
}

const SAMPLES = 24;
const STEP = 1e-5;
const isSpec = (input: Shape | InputSpec): input is InputSpec => !Array.isArray(input);

export const nd = (shape: Shape, data: NumericData): NdArray => ({ shape, data: Float64Array.from(data) });

/** Declares a test of `checkLaws`. */
export function laws(name: string, given: Laws): void {
  test(name, () => checkLaws(given));
}

/**
 * On every kernel family: the op equals its float64 reference, and its gradient equals central differences of that reference
 * under a random upstream gradient. The op stands mid-graph: its inputs and its output pass through a product.
 */
export async function checkLaws(given: Laws): Promise<void> {
  const rng = new Rng(given.seed ?? 1);
  const specs = given.inputs.map((input): Required<InputSpec> => {
    const spec = isSpec(input) ? input : { shape: input };
    const dtype = spec.dtype ?? 'f32';
    return {
      shape: spec.shape,
      dtype,
      values: Float64Array.from(spec.values ?? rng.normals(sizeOf(spec.shape)), (value) => store(value, dtype)),
    };
  });
  const arrays = specs.map(({ shape, values }) => nd(shape, values));
  const expected = given.reference(...arrays);
  const upstream = Float64Array.from(rng.normals(expected.data.length), (value) =>
    store(value, specs[0]?.dtype ?? 'f32'),
  );
  const all = await devices();
  for (const variant of given.variants ?? (['software', 'gpu'] as const)) {
    await checkForward(given, variant, all[variant], specs, expected);
    if (given.gradients !== false) await checkGradients(given, variant, all[variant], specs, arrays, upstream);
  }
}

/** `value` as the dtype can hold it, so that rounding of inputs is not counted as an error of the op. */
function store(value: number, dtype: DType): number {
  return dtype === 'f16' ? halfToFloat(floatToHalf(value)) : Math.fround(value);
}

async function checkForward(
  given: Laws,
  variant: Variant,
  device: Device,
  specs: readonly Required<InputSpec>[],
  expected: NdArray,
): Promise<void> {
  const y = withDevice(device, () =>
    scope(() => given.op(...specs.map((spec) => tensor(spec.values, spec.shape, spec.dtype)))),
  );
  try {
    if (!sameShape(y.shape, expected.shape))
      throw new Error(`${variant}: shape ${format(y.shape)}, the reference has ${format(expected.shape)}`);
    compare(`${variant} forward`, await y.read(), expected.data, given.tolerance ?? 1e-4);
  } finally {
    y.dispose();
  }
}

async function checkGradients(
  given: Laws,
  variant: Variant,
  device: Device,
  specs: readonly Required<InputSpec>[],
  arrays: readonly NdArray[],
  upstream: Float64Array,
): Promise<void> {
  const wanted = specs.map(({ dtype }, i) =>
    Array.isArray(given.gradients) ? given.gradients[i] === true : dtype === 'f32' || dtype === 'f16',
  );
  if (!wanted.includes(true)) return;
  const grads = withDevice(device, () =>
    scope(() => {
      const inputs = specs.map((spec) => tensor(spec.values, spec.shape, spec.dtype));
      const leaves = inputs.filter((_, i) => wanted[i]);
      return valueAndGrad(leaves, () => {
        const y = given.op(...inputs.map((input, i) => (wanted[i] ? mul(input, 1) : input)));
        return sum(mul(y, tensor(upstream, y.shape, y.dtype)));
      }).grads;
    }),
  );
  try {
    let next = 0;
    for (const [i, array] of arrays.entries()) {
      if (!wanted[i]) continue;
      const grad = await (grads[next++] as Tensor).read();
      const picks = pick(array.data.length, given.seed ?? 1);
      const expected = picks.map((at) => difference(given, arrays, i, at, upstream));
      const tolerance = given.gradientTolerance ?? 10 * (given.tolerance ?? 1e-4);
      compare(
        `${variant} gradient of input ${i}`,
        picks.map((at) => grad[at] as number),
        expected,
        tolerance,
      );
    }
  } finally {
    for (const grad of grads) grad.dispose();
  }
}

function pick(size: number, seed: number): number[] {
  const all = Array.from({ length: size }, (_, i) => i);
  return size <= SAMPLES
    ? all
    : Array.from(
        { length: SAMPLES },
        (
          (rng) => () =>
            rng.int(0, size)
        )(new Rng(seed)),
      );
}

function difference(
  given: Laws,
  arrays: readonly NdArray[],
  input: number,
  at: number,
  upstream: Float64Array,
): number {
  const along = (step: number): number => {
    const moved = arrays.map((array, i) =>
      i === input ? { shape: array.shape, data: Float64Array.from(array.data) } : array,
    );
    const { data } = moved[input] as NdArray;
    data[at] = (data[at] as number) + step;
    return given.reference(...moved).data.reduce((total, value, i) => total + value * (upstream[i] as number), 0);
  };
  return (along(STEP) - along(-STEP)) / (2 * STEP);
}

/** Throws unless every element agrees; NaN and infinities must agree exactly. */
export function compare(what: string, actual: NumericData, expected: NumericData, tolerance: number): void {
  if (actual.length !== expected.length)
    throw new Error(`${what}: ${actual.length} elements, expected ${expected.length}`);
  let scale = 1;
  for (let i = 0; i < expected.length; i++)
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i] as number));
  for (let i = 0; i < expected.length; i++) {
    const [got, want] = [actual[i] as number, expected[i] as number];
    if (Object.is(got, want) || got === want) continue;
    if (!(Math.abs(got - want) <= tolerance * scale))
      throw new Error(`${what}: element ${i} is ${got}, expected ${want} within ${tolerance * scale}`);
  }
}
