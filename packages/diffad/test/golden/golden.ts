import { Adam, AdamW, type LoadedFile, loadModule, type Module, type Optimizer } from '@diffad/nn';
import { type Device, persist, scope, type Tensor, tensor, valueAndGrad, withDevice } from '@diffad/tensor-core';
import { relativeError } from '../relative-error.ts';

/** Inputs in our layout, by name; pictures channels last. */
export type Inputs = Readonly<Record<string, Tensor>>;

/** One network of PyTorch's and how ours repeats what was done to it. */
export interface Golden<M> {
  readonly prefix: string;
  readonly make: () => M;
  /** `fixed` holds the inputs once more, for where PyTorch's loss detaches them. */
  readonly loss: (network: M, inputs: Inputs, fixed: Inputs) => { readonly loss: Tensor; readonly output: Tensor };
  readonly optimizer: (parameters: Readonly<Record<string, Tensor>>) => Optimizer;
}

/** The largest relative errors, each in the Euclidean norm of the tensor it belongs to. */
export interface Errors {
  readonly output: number;
  readonly loss: number;
  readonly gradients: number;
  readonly worstGradient: string;
  readonly inputGradients: number;
  readonly threeLosses: number;
  readonly tenLosses: number;
  readonly running: number;
}

type AnyModule = Module<never, unknown>;

/** A tensor of a file, planes first, as ours. */
function pixels({ shape, data }: LoadedFile['tensors'][string]): Tensor {
  if (shape.length !== 4) return tensor(Float32Array.from(data), shape);
  const [batch, channels, height, width] = shape as [number, number, number, number];
  const moved = new Float32Array(data.length);
  let at = 0;
  for (let b = 0; b < batch; b++)
    for (let i = 0; i < height * width; i++)
      for (let c = 0; c < channels; c++) moved[at++] = data[(b * channels + c) * height * width + i] as number;
  return tensor(moved, [batch, height, width, channels]);
}

const inputsOf = ({ tensors }: LoadedFile, prefix = 'input.'): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(tensors)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), pixels(value)]),
  );

/** Tensors of a file that belong to weights, laid out as ours: a network that carries them in place of its weights. */
function carrier<M extends AnyModule>({ make, prefix }: Golden<M>, { tensors }: LoadedFile, kind: string): M {
  const network = make();
  const own = Object.entries(tensors).filter(([name]) => name.startsWith(`${prefix}.`));
  const carried = own.map(([name, value]) => [name, tensors[kind + name] ?? value]);
  loadModule(network, { tensors: Object.fromEntries(carried) }, `${prefix}.`);
  return network;
}

async function worst(
  actual: Readonly<Record<string, Tensor>>,
  expected: Readonly<Record<string, Tensor>>,
): Promise<{ error: number; name: string }> {
  const pairs = await Promise.all(
    Object.entries(expected).map(async ([name, tensor]) => ({
      name,
      actual: await (actual[name] as Tensor).read(),
      expected: await tensor.read(),
    })),
  );
  const sizes = new Map(pairs.map((pair) => [pair.name, Math.hypot(...pair.expected)]));
  const largest = Math.max(...sizes.values());
  // Before batch norm a bias has no gradient: rounding is all there is, and is measured against the gradient of its weights.
  const floor = (name: string): number =>
    Math.max(1e-3 * largest, 0.1 * (sizes.get(name.replace(/bias$/, 'weight')) ?? 0));
  const errors = pairs.map((pair) => ({
    name: pair.name,
    error: relativeError(pair.actual, pair.expected, floor(pair.name)),
  }));
  return errors.reduce((a, b) => (b.error > a.error ? b : a), { error: 0, name: '' });
}

/** Repeats a golden on a device and says how far off it is. Leaves nothing alive. */
export async function errorsOf<M extends AnyModule>(
  golden: Golden<M>,
  file: LoadedFile,
  device: Device,
): Promise<Errors> {
  const kept: Tensor[] = [];
  const networks: M[] = [];
  const owned = <T extends Record<string, Tensor>>(tensors: T): T => {
    kept.push(...Object.values(tensors));
    return tensors;
  };
  const build = (kind: string): M => {
    const network = carrier(golden, file, kind);
    networks.push(network);
    return network;
  };
  try {
    const { inputs, fixed, network, expectedGrads, after, expectedInputGrads, expected } = withDevice(device, () => ({
      inputs: owned(inputsOf(file)),
      fixed: owned(inputsOf(file)),
      network: build(''),
      expectedGrads: build('grad.'),
      after: build('after.'),
      expectedInputGrads: owned(inputsOf(file, 'grad.input.')),
      expected: owned({ output: pixels(file.tensors.output as LoadedFile['tensors'][string]) }),
    }));
    const first = withDevice(device, () => gradients(golden, network, inputs, fixed, Object.keys(expectedInputGrads)));
    owned({ loss: first.value, output: first.output, ...first.inputGrads });
    owned(first.grads);
    const gradient = await worst(first.grads, expectedGrads.namedParameters());
    const buffers = buffersOf(after);
    const losses = JSON.parse(file.metadata.losses ?? file.metadata.adamw_losses ?? '') as number[];
    const result = {
      output: relativeError(await first.output.read(), await expected.output.read()),
      loss: relativeError([await first.value.item()], [Number(file.metadata.loss)]),
      gradients: gradient.error,
      worstGradient: gradient.name,
      inputGradients: (await worst(first.inputGrads, expectedInputGrads)).error,
      running: Object.keys(buffers).length === 0 ? 0 : (await worst(network.namedState(), buffers)).error,
    };
    const trained = withDevice(device, () => build(''));
    const steps = await lossErrors(golden, trained, inputs, losses, device);
    return { ...result, threeLosses: Math.max(...steps.slice(0, 3)), tenLosses: Math.max(...steps) };
  } finally {
    for (const tensor of kept) tensor.dispose();
    for (const network of networks) network.dispose();
  }
}

function gradients<M extends AnyModule>(
  golden: Golden<M>,
  network: M,
  inputs: Inputs,
  fixed: Inputs,
  wanted: readonly string[],
) {
  const own = Object.fromEntries(wanted.map((name) => [`input.${name}`, inputs[name] as Tensor]));
  let output: Tensor | undefined;
  const { value, grads } = valueAndGrad({ ...network.namedParameters(), ...own }, () => {
    const found = golden.loss(network, inputs, fixed);
    output = persist(found.output);
    return found.loss;
  });
  const all = Object.entries(grads);
  return {
    value,
    output: output as unknown as Tensor,
    grads: Object.fromEntries(all.filter(([name]) => !(name in own))),
    inputGrads: Object.fromEntries(all.filter(([name]) => name in own).map(([name, g]) => [name.slice(6), g])),
  };
}

function buffersOf(module: AnyModule): Record<string, Tensor> {
  const trained = module.namedParameters();
  return Object.fromEntries(Object.entries(module.namedState()).filter(([name]) => !(name in trained)));
}

async function lossErrors<M extends AnyModule>(
  golden: Golden<M>,
  network: M,
  inputs: Inputs,
  losses: readonly number[],
  device: Device,
): Promise<number[]> {
  const parameters = network.namedParameters();
  const optimizer = withDevice(device, () => golden.optimizer(parameters));
  const values: Tensor[] = withDevice(device, () =>
    losses.map(() =>
      scope(() => {
        const { value, grads } = valueAndGrad(parameters, () => golden.loss(network, inputs, inputs).loss);
        optimizer.step(grads);
        return value;
      }),
    ),
  );
  const found = await Promise.all(values.map((value) => value.item()));
  for (const value of values) value.dispose();
  optimizer.dispose();
  return losses.map((expected, i) => relativeError([found[i] as number], [expected]));
}

export const adam =
  (learningRate: number, betas: readonly [number, number] = [0.9, 0.999]) =>
  (parameters: Readonly<Record<string, Tensor>>): Optimizer =>
    new Adam(parameters, { learningRate, betas });
export const adamW = (parameters: Readonly<Record<string, Tensor>>): Optimizer =>
  new AdamW(parameters, { learningRate: 1e-3 });
