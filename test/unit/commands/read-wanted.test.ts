import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readWanted } from '../../../src/commands/sync/read-wanted.js';

const files = 500;

let here: string;
let root: string;
beforeEach(async () => {
  here = await mkdtemp(join(tmpdir(), 'upyw-read-'));
  root = join(here, 'src');
  await fill(root);
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

it('a folder that takes its place is read instead', async () => {
  const next = join(here, 'next');
  await fill(next);
  const read = readWanted(root);
  await delay(5);
  await rename(root, join(here, 'gone'));
  await rename(next, root);
  expect((await read).files).toHaveLength(files);
});
