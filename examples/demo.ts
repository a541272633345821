// npm run demo: a small convolutional network with group norm and attention learns to tell three generated surfaces apart.
import { mkdirSync, writeFileSync } from 'node:fs';
import { init } from '@diffad/tensor-core';
import { encode } from 'fast-png';
import { classifier } from './lib/classifier.ts';
import { batch, contactSheet, SURFACES } from './lib/surfaces.ts';

const STEPS = 60;
const TARGET = 0.9;

const device = await init();
console.log(`adapter: ${device.info.adapter} (${device.info.reason}), ${device.info.variant} kernels`);

const network = classifier(SURFACES.length, 7);
const started = performance.now();
for (let step = 1; step <= STEPS; step++) {
  const { pictures, labels } = batch(16, step);
  const loss = await network.train(pictures, labels);
  if (step === 1 || step % 10 === 0) console.log(`step ${String(step).padStart(3)}  loss ${loss.toFixed(4)}`);
}
const seconds = (performance.now() - started) / 1000;

const held = batch(48, 10_000);
const answers = await network.classify(held.pictures, held.labels.length);
const right = answers.filter((answer, i) => answer === held.labels[i]).length;
const accuracy = right / answers.length;
const { pipelines, peakBytes } = device.memory();
console.log(
  `${right} of ${answers.length} held-out pictures right (${(100 * accuracy).toFixed(1)} %), trained in ${seconds.toFixed(1)} s`,
);
console.log(`${pipelines} pipelines, at most ${(peakBytes / 2 ** 20).toFixed(1)} MiB of tensors`);

mkdirSync('out', { recursive: true });
writeFileSync('out/demo.png', encode(contactSheet(held, answers)));
console.log(`out/demo.png: the held-out pictures, a row per ${SURFACES.join(', ')}; wrong answers are framed in red`);

network.dispose();
device.destroy();
if (accuracy < TARGET) {
  console.error(`error: accuracy ${accuracy.toFixed(2)} is below ${TARGET}`);
  process.exitCode = 1;
}
