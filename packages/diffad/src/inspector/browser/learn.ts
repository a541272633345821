import { parseConfig } from '../../config/resolve.ts';
import type { DiffADConfig } from '../../config/schema.ts';
import { grid } from '../../image/grid.ts';
import type { Model } from '../../model.ts';
import { saveModel } from '../../save-model.ts';
import { fit } from '../../train/fit.ts';
import type { Progress } from '../../train/train.ts';
import type { LookWith } from './camera.ts';
import { canvasOf } from './canvas-of.ts';
import { element } from './element.ts';
import { download, onFiles } from './files.ts';
import { fileOf, pictureOf } from './picture-of.ts';

type Say = (line: string, wrong?: boolean) => void;

/** Lets the page learn from pictures of good parts, files or what a camera saw; resolves to the model once it has. `say` is told how far it is. */
export function learn(say: Say, lookWith: LookWith): Promise<Model> {
  const begin = element<HTMLButtonElement>('begin');
  const minutes = element<HTMLInputElement>('minutes');
  const config = parseConfig(JSON.parse(element('config').textContent ?? ''), 'the page');
  const parts: Blob[] = [];
  let learning = false;
  const take = async (name: string, given: Promise<Blob>): Promise<void> => {
    try {
      const part = await given;
      if (learning) return;
      parts.push(part);
      element('given').textContent = `${parts.length} pictures`;
      begin.disabled = false;
    } catch (cause) {
      say(`${name}: ${(cause as Error).message}`, true);
    }
  };
  onFiles(element('parts'), async (files) => {
    for (const file of files) await take(file.name, readable(file));
  });
  const watch = (): void =>
    lookWith({ look: (video) => take('camera', fileOf(video)), what: 'take it as a good part', again: false });
  watch();
  element('learn').hidden = false;
  say('show it good parts: thirty pictures do well');
  return new Promise((resolve) => {
    begin.addEventListener('click', async () => {
      learning = begin.disabled = true;
      lookWith(null);
      try {
        const model = await learnFrom(parts, config, 60 * minutes.valueAsNumber, say);
        element('learn').hidden = true;
        resolve(model);
      } catch (cause) {
        say((cause as Error).message, true);
        learning = begin.disabled = false;
        watch();
      }
    });
  });
}

/** The file, once it is known to be a picture. */
const readable = async (file: File): Promise<Blob> => {
  await pictureOf(file);
  return file;
};

async function learnFrom(
  parts: readonly Blob[],
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
