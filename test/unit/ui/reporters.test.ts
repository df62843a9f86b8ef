import { setTimeout as delay } from 'node:timers/promises';
import { Chalk } from 'chalk';
import { describe, expect, test, vi } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { JsonReporter } from '../../../src/ui/json-reporter.js';
import type { CommandReporter } from '../../../src/ui/reporter.js';
import { TextReporter } from '../../../src/ui/text-reporter.js';
import { MemoryOutput } from '../../support/memory-output.js';

function textReporter(
  options: { quiet?: boolean; verbose?: boolean; color?: boolean; isTTY?: boolean } = {},
) {
  const stdout = new MemoryOutput();
  const stderr = new MemoryOutput({ isTTY: options.isTTY ?? false });
  let clock = 0;
  const reporter = new TextReporter({
    stdout,
    stderr,
    now: () => clock,
    quiet: options.quiet ?? false,
    verbose: options.verbose ?? false,
    chalk: options.color === true ? new Chalk({ level: 1 }) : undefined,
  });
  return { reporter, stdout, stderr, pass: (milliseconds: number) => (clock += milliseconds) };
}

function jsonReporter(options: { verbose?: boolean } = {}) {
  const stdout = new MemoryOutput();
  const stderr = new MemoryOutput();
  const reporter: CommandReporter = new JsonReporter({ stdout, stderr, verbose: options.verbose ?? false });
  return { reporter, stderr, document: () => JSON.parse(stdout.text) as Record<string, unknown> };
}

const busy = () =>
  new UpywError('port/busy', { port: 'COM3', holder: 'Thonny' }, { cause: new Error('EBUSY') });

describe('text', () => {
  test('results go to stdout, everything else to stderr', () => {
    const { reporter, stdout, stderr } = textReporter();
    reporter.info('one');
    reporter.warn('two');
    reporter.debug('three');
    reporter.result({ ignored: true }, 'result');
    expect(stdout.text).toBe('result\n');
    expect(stderr.text).toBe('one\n! two\n');
  });

  test('a long wait is told where nothing moves, a short one is not', () => {
    vi.useFakeTimers();
    try {
      const { reporter, stderr } = textReporter();
      const short = reporter.busy('waiting for one thing');
      vi.advanceTimersByTime(2_000);
      short();
      const long = reporter.busy('waiting for another');
      vi.advanceTimersByTime(60_000);
      long();
      expect(stderr.text).toBe('waiting for another …\n');
    } finally {
      vi.useRealTimers();
    }
  });

  test('the traceback of a recursion is as short as Python makes it', () => {
    const { reporter, stderr } = textReporter();
    const line = '  File "a.py", line 2, in f';
    const traceback = ['Traceback (most recent call last):', ...Array<string>(90).fill(line), 'RuntimeError'];
    reporter.fail(
      new UpywError('run/exception', { exception: 'RuntimeError', traceback: traceback.join('\n') }),
    );
    expect(stderr.text.split('\n').slice(0, 6)).toEqual([
      'Traceback (most recent call last):',
      line,
      line,
      line,
      '  [Previous line repeated 87 more times]',
      'RuntimeError',
    ]);
  });

  test('data is passed on unchanged, byte for byte', () => {
    const { reporter, stdout } = textReporter();
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    reporter.data(bytes);
    expect(new Uint8Array(stdout.bytes)).toEqual(bytes);
  });

  test('nothing that it is told changes the terminal, but for the bytes the user asked to see', () => {
    const { reporter, stdout, stderr, pass } = textReporter({ verbose: true });
    const evil = 'x\u001b]0;TITLE\u0007\u009b31m\u202e';
    reporter.info(evil);
    reporter.note(evil);
    reporter.warn(evil);
    reporter.debug(evil);
    const progress = reporter.progress(evil, 10);
    pass(2000);
    progress.finish();
    reporter.interimFailure(new UpywError('file/failed', { path: evil, reason: `one\n${evil}` }));
    reporter.result({}, evil);
    const traceback = `Traceback (most recent call last):\r\nValueError: ${evil}`;
    reporter.fail(new UpywError('run/exception', { traceback, exception: evil }));
    reporter.fail(new Error(evil));
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    expect(stdout.text + stderr.text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(stderr.text.split('\n').filter((line) => line.includes('\\x1b]0;TITLE')).length).toBeGreaterThan(
      8,
    );
    reporter.result({}, Uint8Array.of(0x1b, 0x5b, 0x41));
    expect(stdout.text.endsWith('\u001b[A')).toBe(true);
  });

  test('--quiet keeps results and warnings', () => {
    const { reporter, stdout, stderr } = textReporter({ quiet: true });
    reporter.info('noise');
    reporter.progress('put', 10).finish();
    reporter.warn('careful');
    reporter.result({}, 'result');
    expect([stdout.text, stderr.text]).toEqual(['result\n', '! careful\n']);
  });

  test('an error is what, what to do, and its code', () => {
    const { reporter, stderr } = textReporter();
    expect(reporter.fail(busy())).toBe(3);
    expect(stderr.text).toBe(
      '✘ COM3 is in use by Thonny\n→ Wait until it is done, or close it, and try again\n  port/busy\n',
    );
  });

  test('colours change nothing but colours', () => {
    const { reporter, stderr } = textReporter({ color: true });
    reporter.fail(busy());
    expect(stderr.text).toContain('\u001b[31m✘\u001b[39m COM3');
  });

  test('--verbose adds the cause chain', () => {
    const { reporter, stderr } = textReporter({ verbose: true });
    reporter.fail(busy());
    expect(stderr.text).toContain('because of Error: EBUSY');
  });

  test('the traceback of code that was run stands above the error', () => {
    const { reporter, stderr } = textReporter();
    const traceback = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1\r\nValueError: no\r\n';
    expect(reporter.fail(new UpywError('run/exception', { traceback, exception: 'ValueError: no' }))).toBe(4);
    expect(stderr.text).toMatch(
      /^Traceback .*\n {2}File .*\nValueError: no\n✘ the code raised ValueError: no\n→/,
    );
  });

  test('a bug of ours is called one, with versions, and shows its stack only when asked', () => {
    const plain = textReporter();
    expect(plain.reporter.fail(new TypeError('x is not a function'))).toBe(1);
    expect(plain.stderr.text).toMatch(/mistake in upyw itself: x is not a function/);
    expect(plain.stderr.text).toMatch(/upyw \d+\.\d+\.\d+, Node v\d+.*, \w+ \w+/);
    expect(plain.stderr.text).not.toMatch(/\n\s+at /);
    const verbose = textReporter({ verbose: true });
    verbose.reporter.fail(new TypeError('x is not a function'));
    expect(verbose.stderr.text).toMatch(/\n\s+at /);
  });

  test('without a terminal a transfer is one line at its end', async () => {
    const { reporter, stderr, pass } = textReporter();
    const progress = reporter.progress('put a.py', 5000);
    progress.update(2500);
    pass(2000);
    await delay(1100);
    expect(stderr.text).toBe('');
    progress.finish();
    expect(stderr.text).toBe('put a.py  5.0 kB  2.0 s  2.5 kB/s\n');
  });

  test('on a terminal a bar appears after a second and goes away again', async () => {
    const { reporter, stderr, pass } = textReporter({ isTTY: true });
    Object.assign(stderr, { clearLine: () => true, cursorTo: () => true, moveCursor: () => true });
    const progress = reporter.progress('put a.py', 5000);
    pass(2000);
    progress.update(2500);
    expect(stderr.text).toBe('');
    await expect.poll(() => stderr.text, { timeout: 5000 }).toContain('50 %  1.3 kB/s  2.0 s left');
    progress.finish();
    expect(stderr.text).toMatch(/put a\.py {2}5\.0 kB {2}2\.0 s {2}2\.5 kB\/s\n$/);
  });
});

describe('json', () => {
  test('one document at the end, with the warnings in it', () => {
    const { reporter, document, stderr } = jsonReporter();
    reporter.info('nothing');
    reporter.warn('careful');
    reporter.result({ entries: [] }, 'text nobody sees');
    reporter.succeed();
    expect(document()).toEqual({ ok: true, entries: [], warnings: ['careful'] });
    expect(stderr.text).toBe('');
  });

  test('data becomes output, and base64 where it is no text', () => {
    const text = jsonReporter();
    text.reporter.data(Buffer.from('č').subarray(0, 1));
    text.reporter.data(Buffer.from('č').subarray(1));
    text.reporter.succeed();
    expect(text.document()).toEqual({ ok: true, output: 'č' });
    const binary = jsonReporter();
    binary.reporter.data(Uint8Array.of(0xff, 0x00));
    binary.reporter.succeed();
    expect(binary.document()).toEqual({ ok: true, outputBase64: '/wA=' });
  });

  test('an error carries all its parts, and what was printed before it', () => {
    const { reporter, document } = jsonReporter();
    reporter.data(Buffer.from('half'));
    expect(reporter.fail(busy())).toBe(3);
    expect(document()).toEqual({
      ok: false,
      error: {
        code: 'port/busy',
        message: 'COM3 is in use by Thonny',
        hint: 'Wait until it is done, or close it, and try again',
        exitCode: 3,
        details: { port: 'COM3', holder: 'Thonny' },
      },
      output: 'half',
    });
  });

  test('a bug of ours has a code too', () => {
    const { reporter, document } = jsonReporter();
    expect(reporter.fail('just a string')).toBe(1);
    expect(document()['error']).toMatchObject({ code: 'internal/bug', exitCode: 1 });
  });
});
