import { expect, test } from 'vitest';
import * as core from '../src/index.ts';

const functions = `
  init tensor zeros ones full arange randn uniform scope persist memory valueAndGrad checkpoint
  add sub mul div maximum minimum pow where greater less equal
  neg abs exp log sqrt rsqrt square sin cos tanh sigmoid silu relu leakyRelu gelu softplus clamp
  sum mean max min variance argmax reshape permute concat slice split pad cast matmul linear conv2d convTranspose2d
  maxPool2d avgPool2d upsampleNearest upsampleBilinear groupNorm layerNorm batchNorm softmax logSoftmax attention
  embedding gather oneHot dropout
`;

test('the public names are there', () => {
  const missing = functions
    .trim()
    .split(/\s+/)
    .filter((name) => typeof Reflect.get(core, name) !== 'function');
  expect(missing).toEqual([]);
  for (const kind of [core.ShapeError, core.DTypeError, core.DeviceError])
    expect(new kind('lost', '')).toBeInstanceOf(Error);
  expect(core.Rng.from(new core.Rng(7).state()).state()).toEqual({ seed: '7', stream: '0', position: 0 });
  expect(core.Tensor.prototype).toMatchObject({ read: expect.any(Function), item: expect.any(Function) });
  expect(core.Tensor.prototype[Symbol.dispose]).toBeTypeOf('function');
});

test('without a device one clear error says what to do', () => {
  expect(() => core.tensor([1], [1])).toThrow(
    new core.DeviceError('no-adapter', 'no device yet: await init() before making tensors'),
  );
});
