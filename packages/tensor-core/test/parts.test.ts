import { expect, test } from 'vitest';
import {
  add,
  copyInto,
  init,
  memory,
  mul,
  reshape,
  ShapeError,
  scope,
  Tensor,
  tensor,
  withDevice,
  zeros,
} from '../src/index.ts';
import { devices } from './devices.ts';

const list = async (x: Tensor): Promise<number[]> => Array.from(await x.read());

test('parts share the elements of their whole and are read, written and used alone', async () => {
  await init();
  using whole = zeros([256]);
  using first = Tensor.part(whole, 0, [2, 2]);
  using second = Tensor.part(whole, 128, [3]);
  first.assign([1, 2, 3, 4]);
  second.assign([5, 6, 7]);
  using sum = scope(() => add(second, mul(second, 1)));
  expect(await list(sum)).toEqual([10, 12, 14]);
  const all = await list(whole);
  expect([all.slice(0, 4), all.slice(128, 131), all.filter((value) => value !== 0).length]).toEqual([
    [1, 2, 3, 4],
    [5, 6, 7],
    7,
  ]);
  using again = Tensor.wholeOf(second) as Tensor;
  expect(again.shape).toEqual([256]);
  expect(again.block).toBe(whole.block);
  expect(Tensor.wholeOf(whole)).toBeUndefined();
});

test('a whole lives until its last part ends', async () => {
  const before = memory().liveBytes;
  const whole = tensor(new Float32Array(64).fill(2), [64]);
  const part = Tensor.part(whole, 0, [2]);
  whole.dispose();
  expect(memory().liveBytes).toBe(before + 256);
  expect(await list(part)).toEqual([2, 2]);
  part.dispose();
  expect(memory().liveBytes).toBe(before);
});

test('a tensor moves to a part with all its handles, and its own buffer is free', async () => {
  using whole = zeros([128]);
  const x = tensor([1, 2, 3], [3]);
  const alias = Tensor.alias(x);
  const before = memory().liveBytes;
  const place = Tensor.part(whole, 64, [3]);
  Tensor.move(x, place);
  place.dispose();
  expect(memory().liveBytes).toBe(before - 12);
  x.assign([4, 5, 6]);
  expect(await list(alias)).toEqual([4, 5, 6]);
  expect((await list(whole)).slice(64, 68)).toEqual([4, 5, 6, 0]);
  x.dispose();
  alias.dispose();
});

test('part of the same whole is the same block every time, so that bind groups are found again', () => {
  using whole = zeros([128]);
  using once = Tensor.part(whole, 64, [3]);
  using twice = Tensor.part(whole, 64, [2]);
  expect(twice.block).toBe(once.block);
});

test('copyInto copies after what is recorded and refuses what does not fit', async () => {
  using x = tensor([1, 2, 3], [3]);
  using y = zeros([3]);
  using doubled = mul(x, 2);
  copyInto(y, doubled);
  expect(await list(y)).toEqual([2, 4, 6]);
  using other = zeros([4]);
  expect(() => copyInto(other, x)).toThrow(new ShapeError('copyInto: f32 [3] does not fit f32 [4]'));
});

test('copyInto takes any two tensors of one device: itself, a view, a part of the same whole', async () => {
  using whole = zeros([256]);
  using first = Tensor.part(whole, 0, [3]);
  using second = Tensor.part(whole, 128, [3]);
  first.assign([1, 2, 3]);
  using view = reshape(first, [3, 1]);
  using recorded = mul(first, 2);
  copyInto(view, first);
  copyInto(second, first);
  copyInto(first, recorded);
  expect([await list(second), await list(view), await list(recorded)]).toEqual([
    [1, 2, 3],
    [2, 4, 6],
    [2, 4, 6],
  ]);
});

test('copyInto refuses tensors of two devices', async () => {
  const { software, gpu } = await devices();
  using x = withDevice(software, () => zeros([2]));
  using y = withDevice(gpu, () => zeros([2]));
  expect(() => copyInto(x, y)).toThrow(/^copyInto: its tensors live on different devices: .* and .*; read\(\) and/);
});
