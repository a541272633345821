import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { privateFolder } from '../lib/private-folder.mjs';

const parent = mkdtempSync(join(tmpdir(), 'private-'));
afterAll(() => rmSync(parent, { recursive: true }));
const at = (name) => join(parent, name);
const anyOwner = test.skipIf(process.platform === 'win32');

anyOwner('a missing folder is made, and taken again', () => {
  for (const _ of [1, 2]) expect(privateFolder(at('own'))).toBe(at('own'));
  expect(statSync(at('own')).mode & 0o777).toBe(0o700);
});

anyOwner('what others own, may enter or have put in the way is left alone', () => {
  mkdirSync(at('open'));
  chmodSync(at('open'), 0o755);
  symlinkSync(at('own'), at('link'));
  writeFileSync(at('file'), '');
  mkdirSync(at('foreign'), { mode: 0o700 });
  const { uid } = statSync(parent);
  for (const name of ['open', 'link', 'file', 'foreign']) {
    const asUser = vi.spyOn(process, 'getuid').mockReturnValue(name === 'foreign' ? uid + 1 : uid);
    const instead = privateFolder(at(name));
    asUser.mockRestore();
    expect(instead).toMatch(new RegExp(`/${name}-.+$`));
    expect(statSync(instead).mode & 0o777).toBe(0o700);
  }
});
