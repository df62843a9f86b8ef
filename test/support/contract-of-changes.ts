import { expect, it } from 'vitest';
import { type Connect, everyByte, failure, names } from './board-files.js';

/** What holds for files that are changed where they are. */
export function changesOf(connect: Connect): void {
  copiesOnBoardOf(connect);
  movesOf(connect);
}

function copiesOnBoardOf(connect: Connect): void {
  it('files are copied on the board, whole, in place of those that are there', async () => {
    const board = await connect();
    await board.makeFolder('lib');
    await board.write('a', everyByte);
    await board.write('empty', new Uint8Array());
    await board.write('lib/b', Uint8Array.of(1));
    const seen: number[] = [];
    const pairs = [
      { from: 'a', to: 'lib/a' },
      { from: 'a', to: '/lib/b' },
      { from: 'empty', to: 'lib/empty' },
    ];
    await board.copyFiles(pairs, { onProgress: (doneBytes) => void seen.push(doneBytes) });
    for (const path of ['a', 'lib/a', 'lib/b'])
      expect(Buffer.compare(await board.read(path), everyByte), path).toBe(0);
    expect((await board.read('lib/empty')).length).toBe(0);
    expect(seen.length).toBeGreaterThan(0);
    expect(await failure(board.copyFiles([pairs[0]!, { from: 'nope', to: 'x' }]))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'nope' },
    });
    expect(await failure(board.copyFiles([{ from: 'a', to: 'no/x' }]))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'no' },
    });
    expect(await failure(board.copyFiles([{ from: 'a', to: 'lib' }]))).toMatchObject({
      code: 'board/is-folder',
    });
    expect(await names(board)).toEqual(['a', 'empty', 'lib']);
  });
}

function movesOf(connect: Connect): void {
  it('files and folders get other names, in place of a file that is there', async () => {
    const board = await connect();
    await board.makeFolders(['lib', 'lib/deep']);
    await board.write('a', everyByte);
    await board.write('lib/b', Uint8Array.of(1));
    await board.movePaths([{ from: 'a', to: 'lib/b' }]);
    await board.movePaths([
      { from: 'lib/deep', to: 'deep' },
      { from: 'lib', to: 'other' },
    ]);
    expect(await names(board)).toEqual(['deep', 'other']);
    expect(Buffer.compare(await board.read('other/b'), everyByte)).toBe(0);
    expect(await failure(board.movePaths([{ from: 'nope', to: 'x' }]))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'nope' },
    });
    expect(await failure(board.movePaths([{ from: 'other/b', to: 'no/x' }]))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'no' },
    });
    expect(await names(board, '/other')).toEqual(['b']);
  });

  it('files are touched: new ones are empty, others stay as they are', async () => {
    const board = await connect();
    await board.makeFolder('lib');
    await board.write('a', everyByte);
    await board.touchFiles(['a', 'b', 'lib', 'lib/c']);
    expect(Buffer.compare(await board.read('a'), everyByte)).toBe(0);
    expect((await board.stat('lib/c')).sizeBytes).toBe(0);
    expect(await names(board)).toEqual(['a', 'b', 'lib']);
    expect(await failure(board.touchFiles(['x', 'no/x']))).toMatchObject({
      code: 'board/not-found',
      details: { path: 'no' },
    });
  });
}
