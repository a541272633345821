import type { Section } from './section.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => entities[character] as string);

const style = `
:root { color-scheme: light dark; --ink: #1f2328; --soft: #656d76; --line: #d0d7de; --ground: #fff; --tile: #f6f8fa; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #8d96a0; --line: #30363d; --ground: #0d1117; --tile: #161b22; } }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 1280px; margin: 0 auto; padding: 24px; }
h1 { font-size: 26px; } h2 { margin-top: 36px; font-size: 19px; border-bottom: 1px solid var(--line); padding-bottom: 6px; }
p { max-width: 80ch; } .wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { color: var(--soft); font-weight: 600; } td { white-space: nowrap; } td:last-child { white-space: normal; min-width: 22ch; } td:first-child { font-weight: 600; }
figure { margin: 18px 0; overflow-x: auto; } figure svg { max-width: 100%; height: auto; }
`;

const row = (cells: readonly string[], tag: 'td' | 'th'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;

const sectionHtml = ({ title, note, headers, rows }: Section): string =>
  `<h2>${escaped(title)}</h2>${note ? `<p>${escaped(note)}</p>` : ''}<div class="wide"><table><thead>${row(headers, 'th')}</thead>` +
  `<tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table></div>`;

export interface Page {
  readonly title: string;
  /** Paragraphs before the first table. */
  readonly lead: readonly string[];
  /** Charts as SVG text. */
  readonly charts: readonly string[];
  readonly sections: readonly Section[];
}

/** One self-contained page. */
export const pageHtml = ({ title, lead, charts, sections }: Page): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title><style>${style}</style></head><body><main>
<h1>${escaped(title)}</h1>
${lead.map((text) => `<p>${escaped(text)}</p>`).join('\n')}
${charts.map((svg) => `<figure>${svg}</figure>`).join('\n')}
${sections.map(sectionHtml).join('\n')}
</main></body></html>
`;
