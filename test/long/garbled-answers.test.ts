import { describe, expect, it, type TestContext } from 'vitest';
import { openPort } from 'upyw';
import { Board } from '../../src/board/board.js';
import { MeddledPort } from '../support/meddled-port.js';
import { useSimFolder } from '../support/sim-folder.js';

/** What the line made of an exception is none of the board's. */
useSimFolder();

async function connect({ onTestFinished }: TestContext) {
  const port = new MeddledPort(await openPort('sim:garbled?unpaced'));
  onTestFinished(() => port.close());
  return { port, board: await Board.connect(port) };
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');

describe('an exception whose name the line garbled', () => {
  it('is asked for again where nothing was changed', async (context) => {
    const { port, board } = await connect(context);
    let times = 0;
    port.fromBoard = (bytes) => {
      const text = latin1(bytes);
      if (!text.includes('OSError') || times > 0) return bytes;
      times += 1;
      return new Uint8Array(Buffer.from(text.replace('OSError', 'OSErsor'), 'latin1'));
    };
    await expect(board.stat('nothing')).rejects.toMatchObject({ code: 'board/not-found' });
    expect(times).toBe(1);
  });

  it('is told as a bad line where it is always so, and where something may have changed', async (context) => {
    const { port, board } = await connect(context);
    port.fromBoard = (bytes) =>
      new Uint8Array(Buffer.from(latin1(bytes).replace('OSError', 'OSErsor'), 'latin1'));
    const isLine = { code: 'rawrepl/protocol', exitCode: 3 };
    await expect(board.stat('nothing')).rejects.toMatchObject(isLine);
    await expect(board.read('nothing')).rejects.toMatchObject(isLine);
    await expect(board.removeFolder('nothing')).rejects.toMatchObject(isLine);
  });
});
