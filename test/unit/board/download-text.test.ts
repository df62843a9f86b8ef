import { describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import type { BoardSession } from '../../../src/board/board-session.js';
import { downloadText } from '../../../src/board/transfer/download-text.js';
import { FileArrivals } from '../../../src/board/transfer/file-arrivals.js';
import { UpywError } from '../../../src/errors.js';

/** Reads one file from a board that prints this at each asking. */
async function read(printed: string): Promise<string> {
  const repl = {
    exec: (_code: string, { onOutput }: { onOutput: (bytes: Uint8Array) => void }) => {
      onOutput(new TextEncoder().encode(printed));
      return Promise.resolve(new Uint8Array());
    },
    nonsense: (expected: string) => new UpywError('rawrepl/protocol', { port: 'x', expected, lastBytes: '' }),
  };
  const pieces: Uint8Array[] = [];
  const target = {
    write: (bytes: Uint8Array) => void pieces.push(bytes),
    finish: () => undefined,
    abandon: () => undefined,
  };
  const session = { repl, patienceMs: 100 } as unknown as BoardSession;
  const arrivals = new FileArrivals(['a.txt'], () => target);
  await downloadText(session, arrivals, 1, {});
  expect(arrivals.pending).toEqual([]);
  return Buffer.concat(pieces).toString();
}

describe('a file that comes as text', () => {
  it('is its lines between its size and its hash', async () => {
    const hash = createHash('sha256').update('content').digest('base64');
    expect(await read(`7\r\n${Buffer.from('content').toString('base64')}\r\n${hash}\r\n`)).toBe('content');
    // A firmware that cannot hash: it is read twice.
    expect(await read(`7\r\n${Buffer.from('content').toString('base64')}\r\n\r\n`)).toBe('content');
    expect(await read('0\r\n\r\n')).toBe('');
  });

  it.each(['', '\r\n', '7\r\n', 'x7\r\n\r\n'])('is none where the board says %j', async (printed) => {
    await expect(read(printed)).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });
});
