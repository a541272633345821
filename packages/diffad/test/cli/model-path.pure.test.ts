import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openModel } from '../../src/model-file.ts';
import { complaint, diffad } from './diffad.ts';

const self = fileURLToPath(import.meta.url);

test('a model that is some other file is named as what it is not', async () => {
  await expect(openModel(self)).rejects.toThrow(
    `${self}: is a file, neither a run folder nor a model file, which ends in .safetensors`,
  );
});

test.each([
  ['export', '--model', 'run'],
  ['import', 'weights.safetensors'],
])('%s writes no model under a name that none is read by', async (...args) => {
  const answer = await diffad([...args, '--out', 'model.bin']);
  expect({ code: answer.code, said: complaint(answer) }).toEqual({
    code: 2,
    said: [
      "error: option '--out <file>' argument 'model.bin' is invalid. Expected a name that ends in .safetensors; any other is read as a run folder.",
    ],
  });
});
