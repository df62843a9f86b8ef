import { describe, expect, test } from 'vitest';
import { Paste } from '../../../src/commands/running/repl/paste.js';
import { FriendlyBoard } from '../../support/friendly-board.js';

async function paste(text: string, board = new FriendlyBoard()): Promise<FriendlyBoard> {
  const sender = new Paste((bytes) => {
    board.receive(bytes);
    return Promise.resolve();
  });
  board.onOutput = (bytes) => {
    sender.heard(bytes);
  };
  await sender.send(Buffer.from(text), new AbortController().signal);
  await board.idle();
  return board;
}

const program = Array.from({ length: 200 }, (_, line) => `    value_${line} = "=== čaj ${line}"`);

describe('paste', () => {
  test('many lines go through paste mode, none lost, indentation as it was', async () => {
    const board = await paste(['if True:', ...program, ''].join('\n'));
    expect(board.dropped).toBe(0);
    expect(board.programs).toEqual([['if True:', ...program, ''].join('\r')]);
  });

  test('Windows line ends are one line end, and control characters cannot end the paste', async () => {
    const board = await paste('a = 1\r\nb\u0004\u0003 = 2\r\n');
    expect(board.programs).toEqual(['a = 1\rb = 2\r']);
  });

  test('one line is typed as it is, at the pace of the echo', async () => {
    const line = 'x = [' + '1, '.repeat(300) + ']';
    const board = await paste(line);
    expect([board.typed, board.dropped, board.programs]).toEqual([line, 0, []]);
  });

  test('a program that reads the keys gets the text without paste mode', async () => {
    const board = await paste('one\ntwo\n', new FriendlyBoard({ echo: false }));
    expect(board.typed.replace('\u0005', '')).toBe('one\rtwo\r');
  });

  test('in the paste mode that the user has opened, the text goes as it is, and the user ends it', async () => {
    const sent: Uint8Array[] = [];
    const sender: Paste = new Paste((bytes) => {
      sent.push(bytes);
      sender.heard(bytes);
      return Promise.resolve();
    });
    sender.heard(Buffer.from('paste mode; Ctrl-C to cancel, Ctrl-D to finish\r\n=== '));
    await sender.send(Buffer.from('a = 1\nb = 2\n'), new AbortController().signal);
    expect(Buffer.concat(sent).toString()).toBe('a = 1\rb = 2\r');
  });

  test('an aborted paste stops sending', async () => {
    const sent: Uint8Array[] = [];
    const stop = new AbortController();
    const sender = new Paste((bytes) => {
      sent.push(bytes);
      stop.abort();
      return Promise.resolve();
    });
    await sender.send(Buffer.from('x'.repeat(5000)), stop.signal);
    expect(Buffer.concat(sent).length).toBeLessThan(260);
  });
});
