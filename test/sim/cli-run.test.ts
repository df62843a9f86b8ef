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

  test('a program that is not there may be misspelt, or be code', async () => {
    const hint = async (file: string) => /→ (.*)/.exec((await here.run('run', file)).stderr)?.[1];
    expect(await hint('hello')).toBe('Did you mean hello.py?');
    expect(await hint('wrnog.py')).toBe('Did you mean wrong.py?');
    expect(await hint('print(1)')).toMatch(/^To run code rather than a file: upyw exec /);
    expect(await hint('nothing.py')).toMatch(/^Check the name/);
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

  test.each([
    ['sys.exit()', 0],
    ['sys.exit(0)', 0],
    ['sys.exit(None)', 0],
    ['raise SystemExit', 0],
    ['sys.exit(3)', 4, 3],
    ['sys.exit("no sensor")', 4, 'no sensor'],
    ['raise SystemExit(1)', 4, 1],
    ['sys.exit((1, "x"))', 4, '[1,"x"]'],
  ])('%s ends with exit code %d', async (line, exitCode, value?: string | number) => {
    await writeFile(here.path('exits.py'), `import sys\nprint("so far")\n${line}\nprint("never")\n`);
    for (const args of [
      ['run', 'exits.py'],
      ['exec', `import sys; print("so far"); ${line}`],
    ]) {
      const ran = await here.run('--json', ...args);
      const document = JSON.parse(ran.stdout) as {
        output: string;
        error?: { code: string; details: object };
      };
      expect(ran.exitCode).toBe(exitCode);
      expect(document.output).toBe('so far\n');
      if (exitCode !== 0) expect(document.error).toMatchObject({ code: 'run/exit', details: { value } });
    }
  });

  test('a text given to sys.exit is said', async () => {
    await writeFile(here.path('exits.py'), 'import sys\nsys.exit("no sensor on pin 4")\n');
    expect((await here.run('run', 'exits.py')).stderr).toContain(
      '✘ the code ended by sys.exit: no sensor on pin 4\n',
    );
  });

  test('a program may restart the board', async () => {
    await writeFile(here.path('again.py'), 'import machine\nprint("now")\nmachine.soft_reset()\n');
    expect(await here.ok('run', 'again.py')).toBe('now\n');
    expect(await here.ok('exec', 'print(1)')).toBe('1\n');
  });

  test('every byte is output, those that the raw REPL ends with too', async () => {
    const code = 'import sys\nfor n in range(256): sys.stdout.buffer.write(bytes([n]))\n';
    await writeFile(here.path('bytes.py'), `${code}print("\\x04\\x04>\\x04", end="")\n`);
    const all = Buffer.concat([
      Buffer.from(Array.from({ length: 256 }, (_, n) => n)),
      Buffer.from('\x04\x04>\x04'),
    ]);
    for (const args of [
      ['run', 'bytes.py'],
      ['run', '--keep', 'bytes.py'],
    ]) {
      const { outputBase64 } = JSON.parse(await here.ok('--json', ...args, '--raw')) as {
        outputBase64: string;
      };
      expect(Buffer.from(outputBase64, 'base64').equals(all)).toBe(true);
    }
    // Without a program of ours around it.
    expect(await here.ok('exec', 'print("a\\x04b"); print("\\x04")')).toBe('a\x04b\n\x04\n');
  });

  test('tracebacks name the file, and begin in it', async () => {
    await writeFile(
      here.path('deep.py'),
      'def inner():\n    return {}["key"]\n\n\ndef outer():\n    inner()\n\n\nouter()\n',
    );
    const { stderr } = await here.run('run', 'deep.py');
    expect(stderr).toMatch(
      /^Traceback \(most recent call last\):\n {2}File "deep.py", line 9, in <module>\n {2}File "deep.py", line 6, in outer\n {2}File "deep.py", line 2, in inner\nKeyError: key\n/,
    );
    await writeFile(here.path('typo.py'), 'x = 1\nif x\n');
    expect((await here.run('run', 'typo.py')).stderr).toMatch(
      /^Traceback .*\n {2}File "typo.py", line 2\nSyntaxError: /,
    );
  });

  test('each run begins with fresh names; --keep shares them', async () => {
    await here.ok('exec', 'from_exec = 1');
    await writeFile(
      here.path('names.py'),
      'print("from_exec" in globals(), "left" in globals(), __name__)\nleft = 2\n',
    );
    expect(await here.ok('run', 'names.py')).toBe('False False __main__\n');
    expect(await here.ok('run', 'names.py')).toBe('False False __main__\n');
    expect(await here.ok('run', '--keep', 'names.py')).toBe('True False __main__\n');
    expect(await here.ok('eval', 'left')).toBe('2\n');
    expect(await here.ok('exec', 'print([n for n in globals() if "upyw" in n])')).toBe('[]\n');
  });

  test('what the program did to builtins or the heap is no trouble', async () => {
    await writeFile(
      here.path('rude.py'),
      'import builtins, micropython\nbuiltins.print = None\nprint = None\nmicropython.heap_lock()\n',
    );
    expect(await here.ok('run', 'rude.py')).toBe('');
    expect(await here.ok('exec', 'import sys; sys.stdout.write("well")')).toBe('well');
    await here.ok('reset', '--soft');
    await here.ok('ls');
  });

  test('a program that is not UTF-8 is refused, with the line', async () => {
    await writeFile(here.path('latin.py'), Buffer.from('x = 1\nprint("gr\xfcn")\n', 'latin1'));
    expect(await here.failure('run', 'latin.py')).toMatchObject({
      code: 'file/encoding',
      details: { problem: expect.stringContaining('line 2') as string },
    });
    const wide = Buffer.from('\ufeffprint(1)\n', 'utf16le');
    await writeFile(here.path('wide.py'), wide);
    expect((await here.failure('run', 'wide.py')).message).toContain('UTF-16');
    for (const command of [
      ['run', '-'],
      ['exec', '-'],
    ]) {
      const ran = await here.start([...command, '--json'], { input: wide });
      expect(ran, command.join(' ')).toMatchObject({
        exitCode: 1,
        stdout: expect.stringMatching(/stdin is no program .*UTF-16/) as string,
      });
    }
  });

  test('what is piped in meanwhile goes to a program that asks for it', async () => {
    await writeFile(
      here.path('ask.py'),
      'a = input("a? ")\nb = input("b? ")\nprint(a + b)\ntry:\n    input()\nexcept EOFError:\n    print("end")\n',
    );
    const { stdout } = await here.start(['run', 'ask.py'], { input: 'one\ntwo\n' });
    expect(stdout).toBe('a? one\nb? two\nonetwo\n\nend\n');
    // What it did not read reaches nobody.
    await writeFile(here.path('once.py'), 'print(input() * 2)\n');
    expect((await here.start(['run', 'once.py'], { input: 'x\nprint("never")\n' })).stdout).toContain('xx\n');
    expect(await here.ok('exec', 'print("fine")')).toBe('fine\n');
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
