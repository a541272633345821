import { init } from '@diffad/tensor-core';
import { diffadPeer } from './libraries/diffad.ts';
import { jaxPeer } from './libraries/jax.ts';
import { tfjsPeer } from './libraries/tfjs.ts';
import { type Field, fieldOf } from './measure.ts';
import type { Peer } from './peer.ts';
import { installWebGpu } from './web-gpu.ts';

/** Ours and the others, each on a device of its own on the same adapter. Throws where one took another adapter. */
export async function openField(): Promise<Field> {
  installWebGpu();
  const device = await init();
  const peers = [diffadPeer(device), await tfjsPeer(), await jaxPeer()];
  for (const peer of peers) checkAdapter(peer, device.gpu);
  return fieldOf(device, peers);
}

function checkAdapter({ name, gpu }: Peer, reference: GPUDevice): void {
  const [own, expected] = [gpu, reference].map(({ adapterInfo: { vendor, device, description } }) =>
    [vendor, device, description].join(' '),
  );
  if (own !== expected) throw new Error(`${name} runs on ${own}, the others on ${expected}`);
}
