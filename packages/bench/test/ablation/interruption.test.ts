import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Interrupted, type StageName } from '@diffad/diffad';
import { expect, test } from 'vitest';
import type { Method } from '../../src/ablation/methods.ts';
import { runAblation } from '../../src/ablation/run.ts';
import { writeAblation } from '../../src/ablation/write.ts';
import { openClass } from '../../src/store/class-data.ts';
import { Evaluator } from '../../src/store/evaluator.ts';
import { Store } from '../../src/store/store.ts';
import { Trainer } from '../../src/store/trainer.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyConfig as config, TINY_CLASS } from '../tiny-config.ts';

const methods: readonly Method[] = ['dir', 'full', 'draem'];
const stamp = { adapter: 'a', driver: 'd', processor: 'p', node: 'n', commit: 'c', date: 'never' };

class Killed extends Error {}

/** One start of the bench in a folder. At the `limit`-th thing it says it is told to stop, or, killed, it dies on the spot. */
async function start(folder: string, limit = Number.POSITIVE_INFINITY, killed = false) {
  const store = new Store(join(folder, 'store'));
  const stop = new AbortController();
  const trained: StageName[] = [];
  let [said, fresh] = [0, 0];
  const hear = (): void => {
    said++;
    if (said < limit) return;
    if (killed) throw new Killed();
    stop.abort();
  };
  const trainer = new Trainer({
    store,
    textures: null,
    saveEvery: 0,
    signal: stop.signal,
    onProgress: hear,
    onPart: (part) => trained.push(part.stage),
  });
  const data = await openClass(TINY_CLASS, store.made);
  const evaluator = new Evaluator(store, trainer, 'any', stamp);
  const cells = await runAblation({ config, classes: [data], seeds: 1, methods }, evaluator, (event) => {
    if (event.fresh) fresh++;
    hear();
  });
  await writeAblation(folder, { config, classes: [data], methods, seeds: 1, cells });
  return { trained, said, fresh };
}

const written = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')]),
  );

test('stopped and killed at many points, an ablation goes on to the same bytes and does nothing twice', async () => {
  const [whole, broken] = [temporaryFolder(), temporaryFolder()];
  const first = await start(whole);
  expect(first.trained).toEqual(['vae', 'diffusion', 'segment', 'diffusion', 'segment', 'draem']);
  expect(first.fresh).toBe(methods.length);

  let interruptions = 0;
  for (let limit = 1; ; limit++) {
    const end = await start(broken, limit, limit % 2 === 0).catch((error: unknown) => error);
    if (!(end instanceof Error)) break;
    expect(end instanceof Interrupted || end instanceof Killed || end.message).toBe(true);
    interruptions++;
  }
  expect(interruptions).toBeGreaterThanOrEqual(5);
  expect(Object.keys(written(whole))).toEqual(expect.arrayContaining(['ablation.md', 'ablation.csv', 'ablation.html']));
  expect(written(broken)).toEqual(written(whole));

  const again = await start(broken);
  expect(again).toMatchObject({ trained: [], fresh: 0 });
  rmSync(join(broken, 'store', 'cells'), { recursive: true });
  expect(await start(broken)).toMatchObject({ trained: [], fresh: methods.length });
  expect(written(broken)).toEqual(written(whole));
}, 240_000);
