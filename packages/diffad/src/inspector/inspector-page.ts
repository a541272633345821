import type { DiffADConfig } from '../config/schema.ts';
import { escapeHtml, inlineJson } from '../report/escape.ts';
import { style } from '../report/style.ts';

export interface InspectorParts {
  readonly title: string;
  /** The bundle of browser/main.ts. */
  readonly script: string;
  /** What the page knows: a model file in base64, or how to make one. */
  readonly holds: { readonly model: string } | { readonly config: DiffADConfig };
}

const ownStyle = `
header { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; margin: 18px 0; }
.zone { border: 2px dashed var(--line); border-radius: 8px; padding: 24px; text-align: center; color: var(--soft); }
.zone.over { border-color: #2f81f7; } .zone label { color: #2f81f7; cursor: pointer; text-decoration: underline; }
.zone input { position: absolute; opacity: 0; width: 1px; }
button, input[type=number] { font: inherit; padding: 6px 14px; border: 1px solid var(--line); border-radius: 6px; background: var(--tile); color: inherit; }
button:disabled { opacity: 0.5; }
input[type=number] { width: 12em; } video { display: block; max-width: 320px; border-radius: 6px; margin: 18px 0 6px; } #seen { margin: 18px 0; }
canvas { max-width: 100%; border-radius: 6px; image-rendering: pixelated; } [hidden] { display: none !important; } .wrong { color: #cf222e; }
`;

/** Where pictures are dropped or chosen. */
const zone = (id: string, files: string, what: string): string =>
  `<div id="${id}" class="zone">Drop ${what} here, or <label>choose some<input id="${files}" type="file" accept="image/*" multiple></label>.</div>`;

/**
 * One page that inspects pictures and what a camera sees, in the browser alone: it holds the program and the model, and loads nothing.
 * Without a model it first learns one, from pictures of good parts.
 */
export const inspectorPage = ({ title, script, holds }: InspectorParts): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><title>${escapeHtml(title)}</title><style>${style}${ownStyle}</style></head><body><main>
<h1>${escapeHtml(title)}</h1>
<p id="status" role="status">starting ...</p>
<section id="learn" hidden>
${zone('parts', 'goods', 'pictures of good parts')}
<header><span id="given">no pictures</span>
<label>minutes <input id="minutes" type="number" min="1" value="10"></label>
<button id="begin" type="button" disabled>learn what is normal</button></header>
<div id="preview"></div>
</section>
<div id="work" hidden>
${zone('drop', 'files', 'pictures')}
<header>
<label>threshold <input id="threshold" type="number" min="0" max="1" step="any"></label>
<span id="count"></span>
<button id="save" type="button" disabled>results.csv</button>
<button id="keep" type="button" hidden>keep the model</button>
</header>
<p id="rests">The model was not calibrated: set a threshold.</p>
</div>
<section id="seen" hidden>
<button id="camera" type="button">use the camera</button>
<div id="live" hidden><video id="video" muted playsinline></video>
<button id="shoot" type="button"></button> <label id="again"><input id="always" type="checkbox"> again and again</label></div>
</section>
<section id="found"></section>
${'model' in holds ? `<script type="text/plain" id="model">${holds.model}</script>` : `<script type="application/json" id="config">${inlineJson(holds.config)}</script>`}
<script type="module">${script.replaceAll('</script', '<\\/script')}</script>
</main></body></html>
`;
