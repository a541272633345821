/** Fits a sine with two layers: fifteen lines from data to a checked answer. */
import { Adam, Linear, mse, Sequential, Tanh } from '@diffad/nn';
import { init, Rng, scope, sin, uniform, valueAndGrad } from '@diffad/tensor-core';

await init();
const rng = new Rng(1);
const x = uniform([256, 1], rng, -3, 3);
const y = sin(x);
const net = new Sequential(new Linear(1, 32, { rng }), Tanh(), new Linear(32, 1, { rng }));
const adam = new Adam(net.namedParameters(), { learningRate: 0.02 });
for (let step = 0; step < 400; step++)
  scope(() => adam.step(valueAndGrad(net.namedParameters(), () => mse(net.call(x), y)).grads));
const error = await scope(() => mse(net.call(x), y)).item();
console.log(`mean squared error ${error.toExponential(2)}`);
if (error > 1e-3) throw new Error('the fit missed: expected an error below 1e-3');
