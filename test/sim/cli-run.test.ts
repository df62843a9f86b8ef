import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Workplace } from '../support/virtual-board.js';

describe('run, exec, eval', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ served: true, inTest: true });
    await writeFile(here.path('hello.py'), 'import sys\nprint("hello", *sys.argv[1:])\nprint("again")\n');
    await writeFile(here.path('wrong.py'), 'print("so far")\n\n1 / 0\n');
    await writeFile(here.path('argv.py'), 'import sys\nprint(sys.argv)\nint(sys.argv[1])\n');
  });
  afterAll(() => here.close());

  test('run prints what the program prints, with line ends of this computer, or with --raw the board’s', async () => {
    expect(await here.ok('run', 'hello.py', 'a b', '3')).toBe('hello a b 3\nagain\n');
    expect(await here.ok('run', '--raw', 'hello.py')).toBe('hello\r\nagain\r\n');
    expect(await here.ok('run', 'hello.py', '--no-follow')).toBe('');
  });

  test('arguments do not outlive their program, also when it fails', async () => {
    expect((await here.run('run', 'argv.py', '3')).stdout).toBe("['argv.py', '3']\n");
    expect(await here.ok('eval', '__import__("sys").argv')).toBe('[]\n');
    expect((await here.run('run', 'argv.py', 'three')).exitCode).toBe(4);
    expect(await here.ok('eval', '__import__("sys").argv')).toBe('[]\n');
  });

  test('exec and eval', async () => {
    expect(await here.ok('exec', 'for n in range(2): print(n)')).toBe('0\n1\n');
    expect(await here.ok('eval', '"a" * 3')).toBe('aaa\n');
    expect(await here.ok('eval', '--raw', '6 * 7')).toBe('42\r\n');
    expect(JSON.parse(await here.ok('eval', '6 * 7', '--json'))).toEqual({ ok: true, value: '42' });
    expect(JSON.parse(await here.ok('--json', 'exec', 'print(1)'))).toEqual({ ok: true, output: '1\n' });
  });

  test('no code at all is a program that does nothing, not a soft reset', async () => {
    await here.ok('exec', 'kept = 1');
    expect(await here.ok('exec', '')).toBe('');
    expect(await here.ok('eval', 'kept')).toBe('1\n');
  });

  test('a dry run runs nothing', async () => {
    await here.ok('exec', 'ran = 0');
    expect(await here.ok('exec', '-n', 'ran = 1')).toBe('would run 1 line of code\n');
    expect(await here.ok('-n', 'eval', 'exec("global ran; ran = 1")')).toMatch(
      /^would show the value of exec/,
    );
    expect(await here.ok('run', '-n', 'hello.py')).toBe('would run 3 lines of code\n');
    expect(await here.ok('eval', 'ran')).toBe('0\n');
  });

  test('code comes from stdin too', async () => {
    const input = 'import sys\nprint(sys.argv)\n';
    expect((await here.start(['exec', '-'], { input })).stdout).toBe('[]\n');
    expect((await here.start(['run', '-', 'x'], { input })).stdout).toBe("['-', 'x']\n");
  });

  test('an exception: what was printed, the traceback with the line, exit code 4', async () => {
    const { exitCode, stdout, stderr } = await here.run('run', 'wrong.py');
    expect(exitCode).toBe(4);
    expect(stdout).toBe('so far\n');
    expect(stderr).toMatch(
      /Traceback .*\n.*line 3.*\nZeroDivisionError: .*\n✘ the code raised ZeroDivisionError.*\n→/,
    );
    expect(await here.failure('exec', 'open("nothing")')).toMatchObject({
      code: 'run/exception',
      exitCode: 4,
    });
    expect(await here.failure('eval', 'nothing')).toMatchObject({ code: 'run/exception', exitCode: 4 });
    // The lines of the expression, not of what prints it.
    expect((await here.run('eval', '1/0')).stderr).toMatch(/File "<stdin>", line 1\b/);
    expect((await here.run('eval', '--raw', '1/0')).stderr).toMatch(/File "<stdin>", line 1\b/);
    expect((await here.run('eval', 'foo(')).stderr).toMatch(/File "<stdin>", line 1\b/);
    await here.ok('exec', '\n\ndef third():\n  return 1/0');
    expect((await here.run('eval', 'third()')).stderr).toMatch(/line 4, in third/);
    expect((await here.failure('eval', 'x = 1')).hint).toContain('upyw exec');
    expect(await here.failure('exec', 'raise OSError(23)')).toMatchObject({
      code: 'run/exception',
      hint: expect.stringMatching(/^Usually: a response was not closed/) as string,
    });
  });

  test('global flags stand before and after the command', async () => {
    expect(await here.ok('-p', 'sim:other?unpaced', '-b', '115200', 'eval', '1')).toBe('1\n');
    expect(
      await here.ok('eval', '1', '--port', 'sim:other?unpaced', '--baud=115.2k', '--timeout', '5s'),
    ).toBe('1\n');
  });

  test('reset starts MicroPython anew', async () => {
    expect((await here.run('reset')).stderr).toContain('the board starts anew');
    expect((await here.run('reset', '--soft')).stderr).toContain('MicroPython starts anew');
    expect(JSON.parse(await here.ok('reset', '--bootloader', '--json'))).toEqual({
      ok: true,
      reset: 'bootloader',
    });
    expect((await here.run('reset', '-n')).stderr).toContain('would reset');
  });
});
