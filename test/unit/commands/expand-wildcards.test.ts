import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expandWildcards } from '../../../src/commands/support/expand-wildcards.js';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'upyw-glob-'));
  await mkdir(join(cwd, 'lib'));
  for (const name of ['a.py', 'B.PY', 'c.txt', '.hidden.py', 'x+y.py', 'lib/d.py']) {
    await writeFile(join(cwd, name), '');
  }
});
afterAll(async () => {
  await rm(cwd, { recursive: true });
});

test.each([
  ['*.py', ['B.PY', 'a.py', 'x+y.py']],
  ['?.py', ['B.PY', 'a.py']],
  ['x+?.py', ['x+y.py']],
  ['lib/*.py', [join('lib', 'd.py')]],
  ['*.js', ['*.js']],
  ['nowhere/*.py', ['nowhere/*.py']],
  ['a.py', ['a.py']],
  [':*.py', [':*.py']],
])('%s stands for %j', async (operand, names) => {
  expect(await expandWildcards(cwd, [operand])).toEqual(names);
});
