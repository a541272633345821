import { SafetensorsError } from './error.ts';

const DEPTH = 3;

/** What JSON.parse does not refuse: two entries of one name, and nesting deeper than the format has. */
export function scanHeader(text: string): void {
  const names = new Set<string>();
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (character === '"') {
      const end = endOfString(text, at);
      if (depth === 1 && /^\s*:/.test(text.slice(end + 1, end + 20))) note(names, text.slice(at, end + 1));
      at = end;
    }
    if (depth > DEPTH) throw new SafetensorsError(`the header is nested deeper than ${DEPTH} levels`);
  }
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw new SafetensorsError('the header is not JSON: a string does not end');
}

function note(names: Set<string>, quoted: string): void {
  const name = JSON.parse(quoted) as string;
  if (names.has(name)) throw new SafetensorsError(`the header names ${name} twice`);
  names.add(name);
}
