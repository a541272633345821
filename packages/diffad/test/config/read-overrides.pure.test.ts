import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readOverrides } from '../../src/config/node/read-overrides.ts';
import { ConfigError } from '../../src/config/resolve.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('values of a file, or one line that says why there are none', async () => {
  const [good, bad, none] = ['good', 'bad', 'none'].map((name) => join(temporaryFolder(), name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(good, '{ "unet": { "channels": 48 } }');
  writeFileSync(bad, '{');
  expect(await readOverrides(good)).toEqual({ unet: { channels: 48 } });
  await expect(readOverrides(bad)).rejects.toThrow(new ConfigError(`${bad}: is not JSON`));
  await expect(readOverrides(none)).rejects.toThrow(
    new ConfigError(`${none}: cannot be read (ENOENT: no such file or directory)`),
  );
});
