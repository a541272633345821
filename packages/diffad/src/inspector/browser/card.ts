import type { Image } from '../../image/image.ts';
import type { Inspection } from '../../inspect/inspect.ts';
import { inspectionPanel } from '../../inspect/inspection-panel.ts';
import { resultLine, resultRow } from '../../inspect/result-row.ts';
import { canvasOf } from './canvas-of.ts';
import { textElement } from './element.ts';

/** What was found on a picture: its panel, and a line below. */
export function foundCard(name: string, picture: Image, found: Inspection, milliseconds: number): HTMLElement {
  const card = document.createElement('figure');
  const caption = document.createElement('figcaption');
  const [verdict, rest] = resultLine(resultRow(name, found)).split(/(?<=^..)/) as [string, string];
  caption.append(textElement('b', verdict, found.verdict), `${rest} · ${milliseconds.toFixed(0)} ms`);
  card.append(canvasOf(inspectionPanel(picture, found, null)), caption);
  return card;
}

/** Why a picture was not inspected. */
export function failedCard(name: string, reason: string): HTMLElement {
  const card = document.createElement('figure');
  card.append(textElement('figcaption', `${name}: ${reason}`, 'wrong'));
  return card;
}
