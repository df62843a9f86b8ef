import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MpyCompiler } from '../../src/mpy/compile.js';
import { Workplace } from '../support/virtual-board.js';

/** Python that is compiled on its way to the board, and bytecode that runs there. */

let here: Workplace;
beforeAll(async () => {
  here = await Workplace.open({ inTest: true, served: true });
  await mkdir(here.path('src/pkg'), { recursive: true });
  const files = {
    'src/main.py': 'print("main")\n',
    'src/pkg/__init__.py': 'from .inner import fail\n',
    'src/pkg/inner.py': 'def fail(a):\n    raise ValueError(a)\n',
    'native.py': '@micropython.native\ndef f():\n    return 7\n',
    'bad.py': 'a = 1\nb = = 2\n',
    'newer.py': 'match 1:\n    case 1:\n        pass\n',
    'prog.py': 'import sys\nprint("hello", sys.argv)\nif len(sys.argv) > 1:\n    {}["nothing"]\n',
    'text.mpy': 'print(1)\n',
    'old.mpy': Uint8Array.of(0x4d, 5, 0, 31, 0),
    'arm.mpy': Uint8Array.of(0x4d, 6, 7 << 2, 31, 0),
  };
  for (const [name, content] of Object.entries(files)) await writeFile(here.path(name), content);
  await writeFile(here.path('prog.mpy'), await compiled('prog.py'));
});
afterAll(() => here.close());

async function compiled(name: string): Promise<Uint8Array> {
  const compiler = new MpyCompiler();
  try {
    const { readFile } = await import('node:fs/promises');
    const bytecode = await compiler.compile({ name, source: await readFile(here.path(name)) });
    return bytecode ?? new Uint8Array();
  } finally {
    await compiler.close();
  }
}

describe('--mpy', () => {
  it('compiles on the way; tracebacks have the lines, and no old source hides the bytecode', async () => {
    await here.ok('put', '-r', 'src/pkg');
    await here.ok('exec', 'print("an old one")');
    const { stderr } = await here.run('put', '-r', '--mpy', 'src/pkg');
    expect(stderr).toContain('removed :pkg/__init__.py and 1 other');
    expect(await here.ok('ls', 'pkg')).toBe('__init__.mpy\ninner.mpy\n');
    const ran = await here.run('exec', 'import pkg\npkg.fail(3)');
    expect(ran.stderr).toMatch(/File "pkg\/inner\.py", line 2, in fail\nValueError: 3/);
    const again = await here.run('put', '-r', '--mpy', 'src/pkg');
    expect(again.stderr).toBe('unchanged: 2 files\n');
  });

  it('sync sends bytecode, and what MicroPython starts by its name as it is', async () => {
    await here.ok('sync', '--mpy', 'src', ':app');
    expect(await here.ok('ls', '-R', 'app')).toBe(
      'app/main.py\napp/pkg/\napp/pkg/__init__.mpy\napp/pkg/inner.mpy\n',
    );
    expect((await here.run('sync', '--mpy', '--delete', 'src', ':app')).stderr).toBe(
      'everything is the same: 3 files\n',
    );
    expect((await here.run('sync', '--mpy', '-n', 'src', ':other')).stderr).toContain(':other/pkg/inner.mpy');
  });

  it('a mistake is told with its line before anything is sent', async () => {
    const error = await here.failure('put', '--mpy', 'bad.py', 'prog.py', ':app');
    expect(error).toMatchObject({
      code: 'mpy/syntax',
      message: 'bad.py, line 2: SyntaxError: invalid syntax',
    });
    expect((await here.failure('put', '--mpy', 'newer.py')).hint).toContain(
      'newer Python than MicroPython 1.19',
    );
    expect(await here.ok('ls', 'app')).toBe('main.py\npkg/\n');
  });

  it('what only a chip compiles stays source, and that is said', async () => {
    const { stderr } = await here.run('put', '--mpy', 'native.py', ':app');
    expect(stderr).toContain('native.py stays .py: it has code of the chip in it');
    expect(await here.ok('ls', 'app')).toContain('native.py');
  });

  it('a board that loads another version is refused', async () => {
    const hide =
      'import sys\nclass I: _mpy = 5 | 1 << 8\nclass S:\n def __getattr__(self, name): return I if name == "implementation" else getattr(sys, name)\n';
    await here.ok(
      'exec',
      `${hide}sys.modules["usys"] = sys\nimport builtins\nold = __import__\nbuiltins.__import__ = lambda n, *a: S() if n == "sys" else old(n, *a)`,
    );
    const error = await here.failure('put', '--mpy', 'prog.py');
    expect(error).toMatchObject({ code: 'mpy/format', details: { board: 5, file: 6 } });
    await here.ok('exec', 'import builtins\nbuiltins.__import__ = old');
  });
});

describe('run FILE.mpy', () => {
  it('runs it with its arguments, and tells where it failed', async () => {
    expect(await here.ok('run', 'prog.mpy')).toBe('hello []\n');
    const { exitCode, stdout, stderr } = await here.run('run', 'prog.mpy', 'a');
    expect([exitCode, stdout]).toEqual([4, "hello ['prog.mpy', 'a']\n"]);
    expect(stderr).toMatch(/^Traceback .*\n {2}File "prog\.py", line 4, in <module>\nKeyError: nothing\n✘/);
    expect(await here.ok('eval', '__import__("sys").path')).toBe("['', '.frozen', '/lib']\n");
  });

  it.each([
    ['text.mpy', 'mpy/not-bytecode'],
    ['old.mpy', 'mpy/format'],
    ['arm.mpy', 'mpy/architecture'],
    ['nothing.mpy', 'file/not-found'],
  ])('%s: %s', async (name, code) => {
    expect((await here.failure('run', name)).code).toBe(code);
  });
});
