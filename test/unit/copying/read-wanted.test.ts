import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWanted } from '../../../src/copying/read-wanted.js';
import { testWith } from '../../support/systems.js';

/** Reading them takes a while. */
const files = 500;

let here: string;
/** A link: another folder takes its place in one step. */
let root: string;
beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), 'upyw-read-'));
  root = join(here, 'src');
  for (const folder of ['one', 'two']) await fill(join(here, folder));
  await symlink('one', root, 'junction');
});
afterEach(() => rm(here, { recursive: true }));

async function fill(folder: string): Promise<void> {
  await mkdir(folder);
  const names = Array.from({ length: files }, (_, index) => join(folder, `${index}.py`));
  await Promise.all(names.map((name) => writeFile(name, name)));
}

it('a folder that goes while it is read is no empty one', async () => {
  const read = readWanted(root);
  await delay(5);
  await rename(root, join(here, 'gone'));
  await expect(read).rejects.toMatchObject({ code: 'file/not-found' });
});

testWith(
  'folders that take the place of others in one step',
  'a folder that takes its place is read instead',
  async () => {
    await symlink('two', join(here, 'next'), 'junction');
    const two = await readWanted(join(here, 'two'));
    const read = readWanted(root);
    await delay(5);
    await rename(join(here, 'next'), root);
    expect((await read).files.map(({ sha256 }) => sha256)).toEqual(two.files.map(({ sha256 }) => sha256));
  },
);
