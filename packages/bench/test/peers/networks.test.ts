import { currentDevice } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { disagreement } from '../../src/peers/agreement.ts';
import { diffadPeer } from '../../src/peers/libraries/diffad.ts';
import type { Work } from '../../src/peers/work.ts';
import { modelWorkNames, modelWorks } from '../../src/peers/works/models.ts';
import { SMALL } from '../small.ts';

async function steps(work: Work, count: number): Promise<Float32Array[][]> {
  const session = diffadPeer(currentDevice()).prepare(work);
  const results: Float32Array[][] = [];
  for (let step = 0; step < count; step++) results.push(session.ordered(await session.run()));
  session.dispose();
  return results;
}

const works = ['UNet, training', 'autoencoder, training', 'inspection'];

test.each(works)('%s: the network written for the peers is ours', async (name) => {
  const batches = { unet: 1, autoencoder: 1, inspection: 1 };
  const all = await modelWorks(SMALL, batches);
  expect(modelWorkNames(SMALL, batches)).toEqual(all.map(({ name }) => name));
  const found = all.find((work) => work.name.includes(name));
  if (!found?.own) throw new Error(`${name} is not one of our networks`);
  const { own, ...work } = found;
  const count = work.kind === 'train' ? 3 : 1;
  const ours = await steps({ ...work, own }, count);
  const written = await steps(work, count);
  for (const [step, results] of ours.entries())
    expect(disagreement(results, written[step] ?? []), `step ${step}`).toBeLessThan(1e-4);
  if (work.kind === 'train') expect(ours[2]?.[0]?.[0]).toBeLessThan(ours[0]?.[0]?.[0] ?? 0);
});
