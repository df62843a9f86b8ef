import { describe, it } from 'vitest';
import type { Port } from 'upyw';
import { Board, openPort } from 'upyw';
import { boardContract } from '../support/board-contract.js';

const name = process.env['UPYW_TEST_PORT'];
/** Whether the board was found without files of somebody else; what is on it from then on is ours to remove. */
let isOurs = false;
let port: Port | undefined;

async function connect(portName: string): Promise<Board> {
  port = await openPort(portName);
  const board = await Board.connect(port);
  const entries = (await board.list('/')).filter((entry) => entry.name !== 'boot.py');
  if (!isOurs && entries.length > 0) {
    throw new Error(
      `the board on ${portName} has files; these tests need one without, and would remove them`,
    );
  }
  isOurs = true;
  for (const entry of entries) await board.remove(`/${entry.name}`, { recursive: true });
  return board;
}

async function release(): Promise<void> {
  await port?.close();
  port = undefined;
}

if (name === undefined) {
  describe('a real board', () => {
    it.skip('is not tested: UPYW_TEST_PORT names none', () => undefined);
  });
} else {
  // As 'virtual': filling a real flash to the last block takes minutes, and the peers' littlefs is tested so already.
  boardContract(`the board on ${name}`, () => ({
    connect: () => connect(name),
    release,
    fileSystem: 'virtual',
  }));
}
