import { expect, test } from 'vitest';
import {
  add,
  checkpoint,
  currentDevice,
  DTypeError,
  dropout,
  log,
  mul,
  NaNError,
  neg,
  Rng,
  record,
  scope,
  split,
  sqrt,
  sum,
  type Tensor,
  tanh,
  tensor,
  uniform,
  valueAndGrad,
  where,
  within,
  withNaNGuard,
} from '../src/index.ts';

const grads = async (params: Record<string, Tensor>, fn: () => Tensor): Promise<Record<string, number[]>> => {
  const result = valueAndGrad(params, fn);
  const read: Record<string, number[]> = {};
  for (const [name, grad] of Object.entries(result.grads)) read[name] = Array.from(await grad.read());
  for (const t of [result.value, ...Object.values(result.grads)]) t.dispose();
  return read;
};

test('a value used many times gets the sum of its gradients', async () => {
  using x = tensor([2, 3], [2]);
  expect(await grads({ x }, () => sum(add(mul(x, x), add(x, x))))).toEqual({ x: [6, 8] });
});

test('a parameter the loss does not reach gets zeros; one left out is frozen', async () => {
  using x = tensor([2], [1]);
  using unused = tensor([1, 1], [2]);
  using frozen = tensor([5], [1]);
  expect(await grads({ x, unused }, () => sum(mul(x, frozen)))).toEqual({ x: [5], unused: [0, 0] });
});

test('the loss itself may be a parameter', async () => {
  using x = tensor([2], [1]);
  expect(await grads({ x }, () => x)).toEqual({ x: [1] });
});

test('an array of parameters gives an array of gradients', () => {
  using a = tensor([2], [1]);
  using b = tensor([3], [1]);
  const { value, grads: list } = valueAndGrad([a, b], () => sum(mul(a, b)));
  expect(list).toHaveLength(2);
  for (const t of [value, ...list]) t.dispose();
});

test('a loss that is not a scalar, a nested call and a non-tensor are refused; nothing leaks', () => {
  using x = tensor([1, 2], [2]);
  expect(() => valueAndGrad({ x }, () => mul(x, 2))).toThrow(
    'valueAndGrad: the loss must have one element, got shape [2]; reduce it with mean() or sum()',
  );
  expect(() => valueAndGrad({ x }, () => valueAndGrad({ x }, () => sum(x)).value)).toThrow(
    'gradients are first order only',
  );
  expect(() => valueAndGrad({ x }, () => 1 as unknown as Tensor)).toThrow('fn must return a tensor');
});

test('integers have no gradients: as a parameter they are refused', () => {
  using x = tensor([1, 2], [2], 'i32');
  expect(() => valueAndGrad({ x }, () => sum(where(x, x, 3)))).toThrow(
    new DTypeError("valueAndGrad: parameter x is i32, expected f32 or f16; convert it with cast(x, 'f32')"),
  );
});

test('a checkpoint of several tensors, whose gradients would be lost, is refused', () => {
  using x = tensor([1, 2], [2]);
  const halves = (h: Tensor) => split(h, [1, 1], 0) as unknown as Tensor;
  expect(() => valueAndGrad({ x }, () => checkpoint(halves, x))).toThrow(
    new TypeError('checkpoint: fn must return one tensor; concat() several'),
  );
});

test('checkpoint changes memory, never gradients, and finds parameters from outside', async () => {
  using w = tensor([0.3, -0.2], [2]);
  using v = tensor([1.5, 0.5], [2]);
  using x = tensor([1, 2], [2]);
  const block = (h: Tensor): Tensor => tanh(mul(tanh(mul(h, w)), v));
  const plain = await grads({ w, v, x }, () => sum(mul(block(mul(x, 2)), x)));
  expect(await grads({ w, v, x }, () => sum(mul(checkpoint(block, mul(x, 2)), x)))).toEqual(plain);
  expect(
    await grads({ w, v, x }, () =>
      sum(
        mul(
          checkpoint((h) => checkpoint(block, h), mul(x, 2)),
          x,
        ),
      ),
    ),
  ).toEqual(plain);
});

test('checkpoint keeps fewer bytes', () => {
  using x = tensor(new Float32Array(4096), [4096]);
  const deep = (h: Tensor): Tensor => Array.from({ length: 20 }).reduce((t: Tensor) => tanh(t), h);
  const peak = (fn: () => Tensor): number => {
    let live = 0;
    const { value, grads: g } = valueAndGrad({ x }, () => {
      const y = scope(() => sum(fn()));
      live = currentDevice().memory().liveBytes;
      return y;
    });
    value.dispose();
    g.x.dispose();
    return live;
  };
  expect(peak(() => checkpoint(deep, x)) * 4).toBeLessThan(peak(() => deep(x)));
});

test('checkpoint repeats random draws and leaves the generator where it was', async () => {
  using x = tensor([1, 2, 3], [3]);
  const noisy = (rng: Rng) => (h: Tensor) => tanh(mul(h, tensor(rng.uniforms(3), [3])));
  const [a, b] = [new Rng(5), new Rng(5)];
  const plain = await grads({ x }, () => sum(noisy(a)(x)));
  expect(await grads({ x }, () => sum(checkpoint(noisy(b), x)))).toEqual(plain);
  expect(b.state()).toEqual(a.state());
});

test('checkpoints in checkpoints repeat random draws, and leave the generators where they were', async () => {
  using x = tensor([1, 2, 3, 4, 5, 6, 7, 8], [8]);
  const run = async (depth: number, part: typeof checkpoint) => {
    const [a, b] = [new Rng(5), new Rng(6)];
    let fn = (h: Tensor): Tensor => dropout(dropout(h, 0.5, a), 0.3, b);
    for (let level = 0; level < depth; level++) {
      const inner = fn;
      fn = (h) => part((k) => mul(inner(k), uniform([8], b)), h);
    }
    return { found: await grads({ x }, () => sum(tanh(fn(x)))), states: [a.state(), b.state()] };
  };
  const plain: typeof checkpoint = (fn, ...inputs) => fn(...inputs);
  for (const depth of [1, 2, 3]) expect(await run(depth, checkpoint)).toEqual(await run(depth, plain));
});

test('shape errors carry the layer path, once', () => {
  using a = tensor([1, 2], [2]);
  using b = tensor([1, 2, 3], [3]);
  const call = () => within('unet', () => within('in.3', () => add(a, b)));
  expect(call).toThrow(/^unet\.in\.3: add: shapes \[2\] and \[3\] do not broadcast: 2 against 3 at axis -1$/);
});

test('the NaN guard names the first op, its path and the range of its inputs', async () => {
  using x = tensor([1, 4], [2]);
  const bad = () => scope(() => void within('head', () => log(neg(x))));
  await expect(withNaNGuard(bad)).rejects.toThrow(NaNError);
  await expect(withNaNGuard(bad)).rejects.toThrow(
    'head: log: output [2] with 2 NaN or infinite; input 0 [2] in [-4.000, -1.000]',
  );
  await withNaNGuard(() => scope(() => void log(x)));
});

test('the NaN guard checks gradients too, and disposes what fn made to return but nothing else', async () => {
  using x = tensor([0, 4], [2]);
  const { value, grads: g } = await withNaNGuard(() => valueAndGrad([x], () => sum(mul(x, x))));
  for (const t of [value, ...g]) t.dispose();
  const steep = () => ({ x, ...valueAndGrad([x], () => within('head', () => sum(sqrt(x)))) });
  await expect(withNaNGuard(steep)).rejects.toThrow(
    'head: sqrt gradient: output [2] in [0.2500, 0.2500] with 1 NaN or infinite; input 0 [2] in [1.000, 1.000], input 1 [2] in [0.000, 2.000]',
  );
  const checkpointed = () => valueAndGrad([x], () => sum(checkpoint((h) => sqrt(h), x)));
  await expect(withNaNGuard(checkpointed)).rejects.toThrow(/^sqrt gradient: /);
  expect(Array.from(await x.read())).toEqual([0, 4]);
});

test('a rule whose gradient has another shape or dtype than its input is refused', () => {
  using x = tensor([1, 2], [2]);
  const answering = (rule: () => Tensor) => () =>
    valueAndGrad([x], () => record('odd', [x], sum(x), {}, () => [rule()]));
  expect(answering(() => tensor([1], [1]))).toThrow('internal: odd: gradient 0 is f32 [1], its input f32 [2]');
  expect(answering(() => tensor([1, 2], [2], 'i32'))).toThrow(
    'internal: odd: gradient 0 is i32 [2], its input f32 [2]',
  );
});
