import { currentDevice } from '@diffad/tensor-core';
import { expect, test } from 'vitest';
import { disagreement } from '../../src/peers/agreement.ts';
import { diffadPeer } from '../../src/peers/libraries/diffad.ts';
import type { Work } from '../../src/peers/work.ts';
import { modelWorks } from '../../src/peers/works/models.ts';
import { SMALL } from '../small.ts';

async function steps(work: Work, count: number): Promise<Float32Array[][]> {
  const session = diffadPeer(currentDevice()).prepare(work);
  const results: Float32Array[][] = [];
  for (let step = 0; step < count; step++) results.push(session.ordered(await session.run()));
  session.dispose();
  return results;
}

test('the networks written for the peers are ours: same losses while training, same inspection', async () => {
  for (const { own, ...work } of await modelWorks(SMALL, { unet: 1, autoencoder: 1, inspection: 1 })) {
    if (!own) throw new Error(`${work.name} is not one of our networks`);
    const count = work.kind === 'train' ? 3 : 1;
    const ours = await steps({ ...work, own }, count);
    const written = await steps(work, count);
    for (const [step, results] of ours.entries())
      expect(disagreement(results, written[step] ?? []), `${work.name}, step ${step}`).toBeLessThan(1e-4);
    if (work.kind === 'train') expect(ours[2]?.[0]?.[0]).toBeLessThan(ours[0]?.[0]?.[0] ?? 0);
  }
});
