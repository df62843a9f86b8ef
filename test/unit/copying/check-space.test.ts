import { expect, test } from 'vitest';
import { checkSpace } from '../../../src/copying/check-space.js';

const disks = [
  { path: '/', totalBytes: 2_000_000, freeBytes: 100_000 },
  { path: '/sd', totalBytes: 9_000_000, freeBytes: 5_000_000 },
];

function file(remote: string, sizeBytes: number, oldSizeBytes = 0) {
  const change = oldSizeBytes > 0 ? ('changed' as const) : ('new' as const);
  return { local: `/here/${remote}`, remote, sizeBytes, oldSizeBytes, change };
}

async function check(files: ReturnType<typeof file>[], removed: [string, number][], here = '/') {
  const asked: string[] = [];
  const board = {
    disks: () => {
      asked.push('disks');
      return Promise.resolve(disks);
    },
    currentFolder: () => Promise.resolve(here),
  };
  const entries = removed.map(([path, sizeBytes]) => ({
    name: path,
    path,
    type: 'file' as const,
    sizeBytes,
  }));
  const result = checkSpace(board, { files, removed: entries }, new AbortController().signal);
  const details = await result.then(
    () => 'fits',
    (error: unknown) => (error as { details: object }).details,
  );
  return { details, asked };
}

const gone: [string, number] = ['old', 1];

test('few files and nothing to remove: the board finds out by itself', async () => {
  expect(await check([file('a', 9_999_999)], [])).toEqual({ details: 'fits', asked: [] });
});

test('what is removed and what is replaced makes room, one after the other', async () => {
  expect((await check([file('a', 150_000)], [gone])).details).toEqual({
    path: 'a',
    neededBytes: 150_000,
    freeBytes: 108_193,
  });
  expect((await check([file('a', 150_000)], [['big', 50_000]])).details).toBe('fits');
  expect((await check([file('a', 90_000, 80_000), file('b', 95_000)], [gone])).details).toBe('fits');
  expect((await check([file('a', 90_000), file('b', 95_000)], [gone])).details).toMatchObject({ path: 'b' });
});

test('each file counts on the disk that it goes to', async () => {
  expect((await check([file('/sd/a', 4_000_000)], [gone])).details).toBe('fits');
  expect((await check([file('a', 4_000_000)], [gone], '/sd')).details).toBe('fits');
  expect((await check([file('/sd2/a', 4_000_000)], [gone])).details).toMatchObject({ path: '/sd2/a' });
  expect(
    (await check([file('/sd/a', 150_000), file('/a', 150_000)], [['/sd/x', 90_000]])).details,
  ).toMatchObject({
    path: '/a',
  });
});
