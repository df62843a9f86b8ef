import { expect, it } from 'vitest';
import { type Board, type Connect, everyByte, failure, names } from './board-files.js';

const tooLong = 'n'.repeat(300);
/** What is tried, how, and what it is refused by: the code, and of which path. */
const wrong: [string, (board: Board) => Promise<unknown>, string, string][] = [
  ['list what is not there', (board) => board.list('nope'), 'board/not-found', 'nope'],
  ['stat what is not there', (board) => board.stat('/nope/x'), 'board/not-found', '/nope/x'],
  ['read what is not there', (board) => board.read('nope'), 'board/not-found', 'nope'],
  ['read a folder', (board) => board.read('lib'), 'board/is-folder', 'lib'],
  ['write over a folder', (board) => board.write('lib', everyByte), 'board/is-folder', 'lib'],
  ['write the root', (board) => board.write('/', everyByte), 'board/is-folder', '/'],
  ['write into no folder', (board) => board.write('no/such', everyByte), 'board/not-found', 'no'],
  ['write into a file', (board) => board.write('file/x', everyByte), 'board/not-a-folder', 'file'],
  ['write too much', (board) => board.write('big', new Uint8Array(5_000_000)), 'board/no-space', 'big'],
  ['write a name too long', (board) => board.write(tooLong, everyByte), 'board/bad-path', tooLong],
  ['write a NUL', (board) => board.write('a\0b', everyByte), 'board/bad-path', 'a\0b'],
  ['leave the top', (board) => board.list('..'), 'board/bad-path', '..'],
  ['make what is there', (board) => board.makeFolder('lib'), 'board/exists', 'lib'],
  ['make below nothing', (board) => board.makeFolder('no/such'), 'board/not-found', 'no'],
  ['make over a file', (board) => board.makeFolder('file', { parents: true }), 'board/not-a-folder', 'file'],
  ['remove what is not there', (board) => board.remove('nope'), 'board/not-found', 'nope'],
  ['remove a folder as a file', (board) => board.remove('lib'), 'board/is-folder', 'lib'],
  ['rmdir a file', (board) => board.removeFolder('file'), 'board/not-a-folder', 'file'],
  ['rmdir what is not empty', (board) => board.removeFolder('lib'), 'board/not-empty', 'lib'],
  ['rmdir what is not there', (board) => board.removeFolder('nope'), 'board/not-found', 'nope'],
];

/** What every board refuses. */
export function refusalsOf(connect: Connect): void {
  it('what cannot be is refused, each in its own words', async () => {
    const board = await connect();
    await board.makeFolder('lib');
    await board.write('lib/a.py', everyByte);
    await board.write('file', everyByte);
    for (const [attempt, make, code, path] of wrong) {
      const error = await failure(make(board));
      const details = error['details'] as { path?: string } | undefined;
      expect.soft([attempt, error['code'], details?.path]).toEqual([attempt, code, path]);
    }
    expect(await names(board)).toEqual(['file', 'lib']);
  });

  it('a disk too small is noticed before anything is sent, with numbers', async () => {
    const board = await connect();
    const [disk] = await board.disks();
    expect(disk).toMatchObject({ path: '/' });
    expect(disk!.freeBytes).toBeLessThanOrEqual(disk!.totalBytes);
    const sizeBytes = Math.ceil(disk!.freeBytes / 3 / 4096) * 4096 + 4096;
    const load = () => Promise.reject(new Error('was asked for its content'));
    const files = ['a', 'b', 'c'].map((path) => ({ path, sizeBytes, load }));
    const error = await failure(board.writeFiles(files));
    expect(error['message']).toMatch(/^no space on the board for c: it needs \d+ bytes, \d+ are free$/);
  });
}
