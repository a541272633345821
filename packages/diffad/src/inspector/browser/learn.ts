import { parseConfig } from '../../config/resolve.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { grid } from '../../image/grid.ts';
import type { Model } from '../../model.ts';
import { saveModel } from '../../save-model.ts';
import { fit } from '../../train/fit.ts';
import type { Progress } from '../../train/train.ts';
import { canvasOf } from './canvas-of.ts';
import { element } from './element.ts';
import { download, onFiles } from './files.ts';
import { pictureOf } from './picture-of.ts';

/** Lets the page learn from pictures of good parts; resolves to the model once it has. `say` is told how far it is. */
export function learn(say: (line: string, wrong?: boolean) => void): Promise<Model> {
  const begin = element<HTMLButtonElement>('begin');
  const minutes = element<HTMLInputElement>('minutes');
  const config = parseConfig(JSON.parse(element('config').textContent ?? ''), 'the page');
  const parts: File[] = [];
  let learning = false;
  onFiles(element('parts'), async (files) => {
    for (const file of learning ? [] : files) {
      const fault = await pictureOf(file).then(
        () => null,
        (cause: Error) => cause.message,
      );
      if (fault === null) parts.push(file);
      else say(`${file.name}: ${fault}`, true);
      element('given').textContent = `${parts.length} pictures`;
    }
    begin.disabled = learning || parts.length === 0;
  });
  element('learn').hidden = false;
  say('show it good parts: thirty pictures do well');
  return new Promise((resolve) => {
    begin.addEventListener('click', async () => {
      learning = begin.disabled = true;
      try {
        const model = await learnFrom(parts, config, 60 * minutes.valueAsNumber, say);
        element('learn').hidden = true;
        resolve(model);
      } catch (cause) {
        say((cause as Error).message, true);
        learning = begin.disabled = false;
      }
    });
  });
}

async function learnFrom(
  parts: readonly File[],
  config: DiffADConfig,
  budget: number,
  say: (line: string) => void,
): Promise<Model> {
  say('reading pictures and measuring this device ...');
  if (!(budget > 0)) throw new RangeError('minutes: expected more than none');
  const pictures = parts.map((file) => () => pictureOf(file));
  return fit(pictures, {
    config,
    budget,
    onProgress: (progress) => say(progressLine(progress)),
    onPreview: async (_stage, _step, rows) => element('preview').replaceChildren(canvasOf(grid(rows))),
  });
}

function progressLine({ stage, step, steps, loss, secondsLeft }: Progress): string {
  if (loss === null) return `${stage}: preparing`;
  return `${stage}: step ${step} of ${steps}, loss ${loss.toFixed(4)}, ${Math.ceil(secondsLeft / 60)} min left`;
}

/** Offers the model as a file; until it is taken the browser asks before the page is left. */
export function offerModel(model: Model): void {
  const keep = element<HTMLButtonElement>('keep');
  const ask = (event: Event): void => event.preventDefault();
  addEventListener('beforeunload', ask);
  keep.hidden = false;
  keep.addEventListener('click', async () => {
    const chunks: BlobPart[] = [];
    await saveModel(model, { write: async (bytes) => void chunks.push(bytes.slice()) });
    download('model.safetensors', chunks, 'application/octet-stream');
    removeEventListener('beforeunload', ask);
  });
}
