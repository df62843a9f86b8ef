import { expect, test } from 'vitest';
import { isAsShown, readConsoleBlock } from '../../support/console-block.js';

test('a block is commands with what is shown below them', () => {
  expect(readConsoleBlock('$ upyw ls   # all\nboot.py\n\nlib/\n$ upyw reset\n$ upyw cat x\n✘ …')).toEqual([
    { command: 'upyw ls   # all', shown: 'boot.py\n\nlib/', fails: false },
    { command: 'upyw reset', shown: undefined, fails: false },
    { command: 'upyw cat x', shown: '✘ …', fails: true },
  ]);
  expect(readConsoleBlock('$ upyw --json cat x\n{\n  "ok": false,')).toMatchObject([{ fails: true }]);
  expect(() => readConsoleBlock('upyw ls')).toThrow('begins with a command');
});

test.each([
  ['boot.py\n', 'boot.py', true],
  ['boot.py\nmain.py\n', 'boot.py', false],
  ['boot.py\n', 'boot.py\nmain.py', false],
  ['put 3 files  2 kB\n', 'put 3 files  …', true],
  ['put 3 files\nand more\n', 'put …', false],
  ['a.b\n', 'a.b', true],
  ['aXb\n', 'a.b', false],
  ['one\ntwo\nend\n', '…\nend', true],
  ['end\n', '…\nend', true],
  ['one\nend\nmore\n', '…\nend', false],
  ['(1, 2) [3]\n', '(1, 2) [3]', true],
  ['', '…', true],
])('output %j, shown as %j: %s', (output, shown, same) => {
  expect(isAsShown(output, shown)).toBe(same);
});
