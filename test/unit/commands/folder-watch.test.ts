import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderWatch } from '../../../src/commands/sync/folder-watch.js';

const everything = { leavesOut: () => false };
const { signal } = new AbortController();

let root: string;
let watch: FolderWatch;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'upyw-watch-'));
});
afterEach(async () => {
  await watch.close();
  await rm(root, { recursive: true, force: true });
});

it('tells of nothing until its time is up', async () => {
  watch = await FolderWatch.start(root, everything);
  const before = performance.now();
  await watch.next(signal, 300);
  expect(performance.now() - before).toBeGreaterThan(295);
});

it('watches a folder with links that lead back into it', async () => {
  await mkdir(join(root, 'deep/er'), { recursive: true });
  await symlink('../..', join(root, 'deep/er/loop'));
  await symlink('.', join(root, 'self'));
  watch = await FolderWatch.start(root, everything);
  await symlink('.', join(root, 'another'));
  await watch.next(signal, 10_000);
  await writeFile(join(root, 'deep/er/file'), 'x');
  await watch.next(signal, 10_000);
  const before = performance.now();
  await watch.next(signal, 500);
  expect(performance.now() - before).toBeGreaterThan(495);
});
