import { SafetensorsError } from './error.ts';

const DEPTH = 3;
const BLANK = new Set([' ', '\t', '\n', '\r']);

/** What JSON.parse does not refuse: one name twice in an object, and nesting deeper than the format has. */
export function scanHeader(text: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '{' || character === '[') open.push(new Set());
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(text, at);
      if (isName(text, end)) note(open.at(-1), text.slice(at, end + 1));
      at = end;
    }
    if (open.length > DEPTH) throw new SafetensorsError(`the header is nested deeper than ${DEPTH} levels`);
  }
}

/** The position of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  throw new SafetensorsError('the header is not JSON: a string does not end');
}

/** Whether a colon follows the string that ends at `end`. */
function isName(text: string, end: number): boolean {
  let at = end + 1;
  while (BLANK.has(text[at] ?? '')) at++;
  return text[at] === ':';
}

function note(names: Set<string> | undefined, quoted: string): void {
  let name: string;
  try {
    name = JSON.parse(quoted) as string;
  } catch {
    throw new SafetensorsError(`the header is not JSON: ${quoted.slice(0, 80)} is not a string`);
  }
  if (names?.has(name)) throw new SafetensorsError(`the header names ${name} twice`);
  names?.add(name);
}
