import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Board } from '../../../src/board/board.js';
import type { FileHash } from '../../../src/board/inspection.js';
import { FakeRepl } from '../../support/fake-repl.js';

function digest(...parts: (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const [a, b] = ['a', 'b'].map((content) => digest(content)) as [Buffer, Buffer];
const paths = ['lib/a', 'lib/no', 'lib', 'lib/b'];
const expected = [a, undefined, undefined, a].map((hash): FileHash | undefined =>
  hash === undefined ? undefined : { sizeBytes: 1, sha256: hash.toString('hex') },
);
const whole = [expected[0], undefined, undefined, { sizeBytes: 1, sha256: b.toString('hex') }];
const m = '\x02';
/** What the board says: each sign behind its mark, then the hash over all of them and of the files that are the same. */
function answerOf(...signs: (string | [string, Uint8Array])[]): string {
  const parts = signs.flatMap((sign) => (typeof sign === 'string' ? [sign] : sign));
  const lines = signs.map((sign) => m + (typeof sign === 'string' ? sign.replace('\n', '\r\n') : sign[0]));
  return `.${lines.join('.')}${m}${digest(...parts).toString('base64')}\r\n`;
}

function full(hash: Uint8Array): string {
  return `1 ${Buffer.from(hash).toString('base64')}\n`;
}

const details = answerOf(full(a), '-', '/', full(b));
const inShort = answerOf(['=', a], '-', '/', full(b));

/** Asks a board that says `first`, and to the same question once more what is right. */
async function ask(first: string): Promise<{ found: unknown; asked: number }> {
  let asked = 0;
  const port = new FakeRepl({
    execute: () => {
      asked += 1;
      return { output: asked === 1 ? first : inShort };
    },
  });
  const board = await Board.connect(port);
  const found = await board.hashFiles(paths, { expected });
  return { found, asked };
}

describe('what a board says about hashes', () => {
  it('is short where it is as expected', async () => {
    expect(await ask(inShort)).toEqual({ found: whole, asked: 1 });
  });

  it('may be in full, too', async () => {
    expect(await ask(details)).toEqual({ found: whole, asked: 1 });
  });

  it('is told from what a timer prints meanwhile', async () => {
    const noise = 'tick = 12 /-\r\n';
    expect(await ask(noise + inShort.replaceAll(m, noise + m) + noise)).toEqual({ found: whole, asked: 1 });
  });

  it('is never misunderstood, whatever bit of it is flipped', { timeout: 60_000 }, async () => {
    const flip = async (at: number, bit: number) => {
      const damaged = Buffer.from(inShort);
      damaged[at]! ^= bit;
      // The raw REPL takes a 0x04 for the end of the output.
      if (damaged[at] === 4) return;
      expect((await ask(damaged.toString('latin1'))).found, damaged.toString()).toEqual(whole);
    };
    // Side by side: each of them waits for short timers, which are slow on Windows.
    for (let at = 0; at < inShort.length; at += 1) {
      await Promise.all([1, 2, 4, 8, 16, 32, 64].map((bit) => flip(at, bit)));
    }
  });

  it('is asked for again, in the end in full, when it makes no sense', async () => {
    expect(await ask('what?\r\n')).toEqual({ found: whole, asked: 2 });
    expect(await ask(inShort.slice(0, -4))).toEqual({ found: whole, asked: 2 });
    const port = new FakeRepl({ execute: () => ({ output: 'what?' }) });
    const board = await Board.connect(port);
    await expect(board.hashFiles(paths, { expected })).rejects.toMatchObject({ code: 'rawrepl/protocol' });
  });

  it('that six bytes agree and the rest not is told in full', async () => {
    const close = Buffer.concat([a.subarray(0, 6), b.subarray(6)]);
    const answers = [answerOf(['=', close]), answerOf(['=', close]), answerOf(full(close))];
    let asked = 0;
    const execute = () => {
      asked += 1;
      return { output: answers[asked - 1] ?? '' };
    };
    const board = await Board.connect(new FakeRepl({ execute }));
    const found = await board.hashFiles(['a'], { expected: expected.slice(0, 1) });
    expect(found).toEqual([{ sizeBytes: 1, sha256: close.toString('hex') }]);
    expect(asked).toBe(3);
  });

  it('names the file that cannot be read', async () => {
    const execute = () => ({
      output: `${m}=`,
      error: 'Traceback (most recent call last):\r\nOSError: 5\r\n',
    });
    const board = await Board.connect(new FakeRepl({ execute }));
    await expect(board.hashFiles(paths, { expected })).rejects.toMatchObject({ code: 'board/exception' });
    const denied = () => ({
      output: `${m}=${m}-`,
      error: 'Traceback (most recent call last):\r\nOSError: 13\r\n',
    });
    const other = await Board.connect(new FakeRepl({ execute: denied }));
    await expect(other.hashFiles(paths, { expected })).rejects.toMatchObject({ details: { path: 'lib' } });
  });
});
