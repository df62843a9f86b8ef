import { describe, expect, test } from 'vitest';
import { boardPath } from '../../../src/copying/board-operand.js';
import { shownPath } from '../../../src/ui/shown-path.js';
import { refuseDoubt, splitGetOperands } from '../../../src/copying/get-operands.js';
import { splitPutOperands } from '../../../src/copying/put-operands.js';
import { commandName, commandWords, separateParents } from '../../../src/program/operands.js';

describe('paths on the board', () => {
  test.each([
    [':lib', 'lib'],
    [':/lib', '/lib'],
    ['/lib', '/lib'],
    ['lib/a b.py', 'lib/a b.py'],
    [':', ''],
    ['./lib/../main.py', 'main.py'],
    ['', ''],
    ['::odd', ':odd'],
    [':C:/x', 'C:/x'],
  ])('%j is %j', (operand, path) => {
    expect(boardPath(operand, 'linux')).toBe(path);
  });

  test.each([
    ['lib\\a.py', 'lib/a.py'],
    [':\\lib\\', '/lib'],
    ['.\\main.py', 'main.py'],
  ])('on Windows %j is %j', (operand, path) => {
    expect(boardPath(operand, 'win32')).toBe(path);
  });

  test.each(['C:/Program Files/Git/lib', String.raw`;C:\Program Files\Git\lib`])(
    'what Git Bash makes of /lib and :/lib is refused, with the way out: %s',
    (operand) => {
      expect(() => boardPath(operand, 'win32')).toThrow(/as in :lib/);
    },
  );

  test.each(['C:main.py', 'c:\\x', '\\\\server\\share\\x'])(
    'on Windows %s is a path of this computer',
    (operand) => {
      expect(() => boardPath(operand, 'win32')).toThrow(/path of this computer/);
    },
  );

  test('shown with their mark, in one line', () => {
    expect([shownPath('lib/a'), shownPath(''), shownPath('a\nb')]).toEqual([':lib/a', ':', ':a\\nb']);
  });
});

const nothingHere = () => Promise.resolve(false);
const allHere = () => Promise.resolve(true);
const [nothingThere, allThere] = [nothingHere, allHere];

describe('put', () => {
  test.each([
    [['main.py'], ['main.py'], undefined],
    [['a.py', ':b.py'], ['a.py'], { path: 'b.py', isFolder: false }],
    [['a.py', ':'], ['a.py'], { path: '', isFolder: true }],
    [['a.py', ':lib/'], ['a.py'], { path: 'lib', isFolder: true }],
    [['a.py', 'b.py', ':lib'], ['a.py', 'b.py'], { path: 'lib', isFolder: false }],
    [['a.py', 'b.py', 'c.py'], ['a.py', 'b.py', 'c.py'], undefined],
    [['local.py', 'remote.py'], ['local.py'], { path: 'remote.py', isFolder: false, isGuess: true }],
    [['main.py', 'main.py'], ['main.py'], { path: 'main.py', isFolder: false, isGuess: true }],
  ])('%j copies %j to %j', async (operands, sources, destination) => {
    expect(await splitPutOperands(operands, nothingHere, 'linux')).toEqual({ sources, destination });
  });

  test('two local files without a colon could mean two things: say which', async () => {
    const error = await splitPutOperands(['a.py', 'b.py'], allHere, 'linux').catch(
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({ code: 'usage/arguments', exitCode: 2 });
    expect((error as Error).message).toContain('put a.py :b.py');
    expect((error as Error).message).toContain('put a.py b.py :');
    expect(await splitPutOperands(['src', '/'], allHere, 'linux')).toEqual({
      sources: ['src'],
      destination: { path: '/', isFolder: true },
    });
    expect(await splitPutOperands(['main.py', 'main.py'], allHere, 'linux')).toEqual({
      sources: ['main.py'],
      destination: { path: 'main.py', isFolder: false, isGuess: true },
    });
  });

  test('what Git Bash makes of :/lib is seen wherever it stands', async () => {
    const lib = String.raw`;C:\Program Files\Git\lib`;
    await expect(splitPutOperands(['a.py', lib], nothingHere, 'win32')).rejects.toThrow(/as in :lib/);
    await expect(splitPutOperands([lib, 'a.py'], nothingHere, 'win32')).rejects.toThrow(/as in :lib/);
    expect(() => splitGetOperands([':a.py', lib], 'win32')).toThrow(/as in :lib/);
  });

  test('on Windows a folder may end with a backslash', async () => {
    expect(await splitPutOperands(['a.py', 'lib\\sub\\'], nothingHere, 'win32')).toEqual({
      sources: ['a.py'],
      destination: { path: 'lib/sub', isFolder: true, isGuess: true },
    });
  });

  test.each([[['-']], [['-', ':']], [['-', ':lib/']], [['-', 'a.py', ':lib']]])(
    '%j: what comes from stdin needs a name',
    async (operands) => {
      await expect(splitPutOperands(operands, nothingHere, 'linux')).rejects.toThrow(/put - :name\.py/);
    },
  );

  test.each([[[':a.py']], [[':a.py', 'b.py']], [[':a.py', ':b.py']]])(
    '%j is the wrong way round',
    async (operands) => {
      await expect(splitPutOperands(operands, nothingHere, 'linux')).rejects.toThrow(/upyw get :a\.py/);
    },
  );
});

describe('get', () => {
  test.each([
    [['a.py'], ['a.py'], '.'],
    [[':a.py'], ['a.py'], '.'],
    [['a.py', 'b.py'], ['a.py'], 'b.py'],
    [[':a.py', ':b.py'], ['a.py', 'b.py'], '.'],
    [[':a.py', ':b.py', 'there'], ['a.py', 'b.py'], 'there'],
    [['a.py', 'b.py', 'there'], ['a.py', 'b.py'], 'there'],
    [[':', 'backup'], [''], 'backup'],
    [['log.txt', '-'], ['log.txt'], '-'],
  ])('%j fetches %j to %s', (operands, sources, destination) => {
    expect(splitGetOperands(operands, 'linux')).toMatchObject({ sources, destination });
  });

  test('a colon on some is refused', () => {
    expect(() => splitGetOperands([':a.py', 'b.py', 'c'], 'linux')).toThrow(/give each one/);
  });

  test('two files of the board without a colon could mean two things: say which', async () => {
    const split = splitGetOperands(['a.py', 'b.py'], 'linux');
    const error = await refuseDoubt(split, allThere).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'usage/arguments', exitCode: 2 });
    expect((error as Error).message).toContain('"get :a.py b.py" copies a.py to b.py here');
    expect((error as Error).message).toContain('"get :a.py :b.py" copies both');
    await expect(refuseDoubt(split, nothingThere)).resolves.toBeUndefined();
  });

  test.each([
    [[':a.py', 'b.py']],
    [[':a.py', ':b.py']],
    [['main.py', 'main.py']],
    [['log.txt', '-']],
    [['a.py', '.']],
    [['a.py', '../a.py']],
  ])('%j is clear whatever is on the board', async (operands) => {
    await expect(refuseDoubt(splitGetOperands(operands, 'linux'), allThere)).resolves.toBeUndefined();
  });
});

describe('the command line before it is parsed', () => {
  test.each([
    [['-p', 'sim:', 'ls'], 'ls'],
    [['--json', 'ls', '-l'], 'ls'],
    [['--port=sim:', 'ls'], 'ls'],
    [['--trace', 'file', '--verbose'], undefined],
    [[], undefined],
    [['--', 'ls'], 'ls'],
  ])('%j asks for %s', (argv, name) => {
    expect(commandName(argv)).toBe(name);
  });

  test.each([
    ['sim foo', ['sim', 'foo']],
    ['-p sim: sim --quiet serve --pty', ['sim', 'serve']],
    ['ls', ['ls', undefined]],
    ['--quiet', []],
  ])('%s: the words that may name a command', (typed, words) => {
    expect(commandWords(typed.split(' '))).toEqual(words);
  });

  test.each([
    ['mkdir -p lib/a', 'mkdir --parents lib/a'],
    ['mkdir lib/a -p', 'mkdir lib/a --parents'],
    ['mkdir -p sim: lib', 'mkdir --port sim: lib'],
    ['mkdir -p -p COM3 lib', 'mkdir --parents --port COM3 lib'],
    ['-p u0 mkdir -p lib', '-p u0 mkdir --parents lib'],
    ['ls -p u0', 'ls -p u0'],
  ])('%s means %s', (typed, meant) => {
    expect(separateParents(typed.split(' ')).join(' ')).toBe(meant);
  });
});
