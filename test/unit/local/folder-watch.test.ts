import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FolderWatch } from '../../../src/local/folder-watch.js';
import { testWith } from '../../support/systems.js';

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
  expect(await tookMs(watch.next(signal, 300))).toBeGreaterThan(295);
});

testWith('links for everybody', 'watches a folder with links that lead back into it', async () => {
  await mkdir(join(root, 'deep/er'), { recursive: true });
  await symlink('../..', join(root, 'deep/er/loop'));
  await symlink('.', join(root, 'self'));
  await symlink('itself', join(root, 'itself'));
  watch = await FolderWatch.start(root, everything);
  await symlink('.', join(root, 'another'));
  await writeFile(join(root, 'deep/er/file'), 'x');
  expect(await tookMs(watch.next(signal, 10_000))).toBeLessThan(9_000);
  await expect.poll(() => tookMs(watch.next(signal, 300)), { timeout: 10_000 }).toBeGreaterThan(295);
});

it('follows a folder that takes the place of another one', async () => {
  watch = await FolderWatch.start(root, everything);
  await rename(root, `${root}-old`);
  await mkdir(root);
  expect(await tookMs(watch.next(signal, 10_000))).toBeLessThan(9_000);
  await watch.follow(everything, false);
  expect(watch.isBlind).toBe(false);
  await writeFile(join(root, 'file'), 'x');
  expect(await tookMs(watch.next(signal, 10_000))).toBeLessThan(9_000);
  await rm(`${root}-old`, { recursive: true });
});

async function tookMs(work: Promise<void>): Promise<number> {
  const before = performance.now();
  await work;
  return performance.now() - before;
}
