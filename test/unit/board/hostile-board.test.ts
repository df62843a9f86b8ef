import { expect, test } from 'vitest';
import { runInWorld } from '../../support/memory-world.js';
import { defaultOpeners } from '../../../src/openers.js';
import { type Execution, FakeRepl } from '../../support/fake-repl.js';

/** Runs a command on a board that answers the code it gets in its own way. */
async function onBoard(execute: (code: string) => Execution, ...args: string[]) {
  const board = new FakeRepl({ execute });
  const openers = { ...defaultOpeners, socket: () => Promise.resolve(board) };
  const ran = await runInWorld(['--json', '-p', 'socket://127.0.0.1:1', ...args], { openers, cwd: '/tmp' });
  return {
    ...ran,
    document: JSON.parse(ran.stdout) as { ok: boolean; error?: { code: string }; entries?: object[] },
  };
}

const isQuestion = (code: string): boolean => /print\('[0-9a-f]{8}',end=''\)/.test(code);
const token = (code: string): Execution => ({ output: /'([0-9a-f]{8})'/.exec(code)?.[1] ?? '' });

function answering(output: string): (code: string) => Execution {
  return (code) => (isQuestion(code) ? token(code) : { output });
}

function listing(lines: readonly string[]): (code: string) => Execution {
  return answering(`${lines.join('\r\n')}\r\n=${lines.filter((line) => line !== '').length}\r\n`);
}

test.each([['ls'], ['ls', '-R'], ['tree']])('forty thousand names need little time: %s', async (...args) => {
  const names = Array.from({ length: 40_000 }, (_, index) => `'f${index}' 1`);
  const startMs = performance.now();
  const { document } = await onBoard(listing(names), ...args);
  expect(document.entries).toHaveLength(40_000);
  expect(performance.now() - startMs).toBeLessThan(10_000);
});

test.each([['ls', '-R'], ['tree']])('folders within folders without end are told: %s', async (...args) => {
  const lines = Array.from({ length: 12_000 }, () => ["'d' -1", '']).flat();
  const { document } = await onBoard(listing(lines), ...args);
  expect(document.error?.code).toBe('board/too-deep');
});

test('an answer without end is given up', async () => {
  const endless = "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' 1\r\n".repeat(250_000);
  expect((await onBoard(answering(endless), 'ls')).document.error?.code).toBe('rawrepl/endless');
});

test.each([
  ['nothing', ''],
  ['None', 'None\r\n'],
  ['brackets without end', `${'('.repeat(100_000)}\r\n`],
  ['no numbers', "('a', 'b')\r\n"],
])('an answer of %s is nonsense, not a bug of ours', async (_, output) => {
  for (const args of [['ls'], ['get', ':a', 'b'], ['df'], ['tree']]) {
    const { document, exitCode } = await onBoard(answering(output), ...args);
    if (document.ok) continue;
    expect([args[0], document.error?.code, exitCode]).toEqual([args[0], 'rawrepl/protocol', 3]);
  }
});
