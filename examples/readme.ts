// The README's example: fits a line to noisy points, in Node or in a web page.
import { add, init, mean, mul, Rng, randn, scope, square, sub, tensor, valueAndGrad } from '@diffad/tensor-core';

const device = await init(); // device.info says which adapter it took and why
const x = randn([64], new Rng(1));
const y = scope(() => add(add(mul(x, 3), -1), mul(randn([64], new Rng(2)), 0.1)));

let params = { slope: tensor([0], [1]), offset: tensor([0], [1]) };
for (let step = 0; step < 100; step++) {
  const { value, grads } = valueAndGrad(params, () => mean(square(sub(add(mul(x, params.slope), params.offset), y))));
  const old = params;
  params = scope(() => ({
    slope: sub(old.slope, mul(grads.slope, 0.1)),
    offset: sub(old.offset, mul(grads.offset, 0.1)),
  }));
  if (step % 25 === 0) console.log(`step ${step}: loss ${(await value.item()).toFixed(4)}`);
  for (const t of [value, ...Object.values(grads), ...Object.values(old)]) t.dispose();
}
const [slope, offset] = [await params.slope.item(), await params.offset.item()];
console.log(`y = ${slope.toFixed(2)} x + ${offset.toFixed(2)}`);
if (Math.abs(slope - 3) > 0.1 || Math.abs(offset + 1) > 0.1) throw new Error('the fit missed: expected y = 3 x - 1');
for (const t of [x, y, params.slope, params.offset]) t.dispose();
if (device.memory().liveBytes !== 0) throw new Error('tensors were left alive');
