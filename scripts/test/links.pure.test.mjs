import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
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

/** What each page says outside of its code blocks. */
const prose = new Map(
  pages.map((page) => [page, readFileSync(join(root, page), 'utf8').replace(/^```[\s\S]*?^```/gm, '')]),
);
const found = (pattern, page) => [...prose.get(page).matchAll(pattern)].map(([, text]) => text);
const anchors = new Map(pages.map((page) => [page, new Set(found(/^#+ (.+)$/gm, page).map(anchorOf))]));

const broken = (page) =>
  found(/\]\(([^)\s]+)\)/g, page).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path, anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    if (target.startsWith('..') || !existsSync(join(root, target))) return true;
    return anchor !== undefined && anchors.get(target)?.has(anchor) !== true;
  });

test('every link of a page leads to a file, and its anchor to a heading there', () => {
  expect(pages.length).toBeGreaterThan(10);
  expect(Object.fromEntries(pages.map((page) => [page, broken(page)]).filter(([, links]) => links.length > 0))).toEqual(
    {},
  );
});
