import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: root })
  .toString()
  .trim()
  .split('\n');

/** A heading's anchor as GitHub forms it: no punctuation, spaces as dashes. */
const anchorOf = (heading) =>
  heading
    .replace(/`|\[|\]\([^)]*\)/g, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const prose = (file) => readFileSync(file, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
const known = new Map();
const anchors = (file) =>
  known.get(file) ??
  known.set(file, new Set([...prose(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading)))).get(file);

function broken(page) {
  const links = [...prose(join(root, page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link]) => link);
  return links.filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path, anchor] = link.split('#');
    const file = path === '' ? join(root, page) : join(root, dirname(page), path);
    if (relative(root, file).startsWith('..') || !existsSync(file)) return true;
    return anchor !== undefined && !anchors(file).has(anchor);
  });
}

test('every link of a page leads to a file, and its anchor to a heading there', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(Object.fromEntries(pages.map((page) => [page, broken(page)]).filter(([, links]) => links.length > 0))).toEqual(
    {},
  );
});
