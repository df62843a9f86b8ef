import { describe, expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import {
  boardExceptionError,
  errnoOf,
  exceptionTypeOf,
  parseTraceback,
} from '../../../src/rawrepl/board-exception.js';

const head = 'Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\n';

describe('parseTraceback', () => {
  it.each([
    ['OSError: [Errno 2] ENOENT', 'OSError', '[Errno 2] ENOENT'],
    ['OSError: 28', 'OSError', '[Errno 28] ENOSPC'],
    ['OSError: [Errno 39]', 'OSError', '[Errno 39] ENOTEMPTY'],
    ['OSError: [Errno 30] ', 'OSError', '[Errno 30] EROFS'],
    ["OSError: (2, 'a.py')", 'OSError', "[Errno 2] ENOENT: 'a.py'"],
    ['OSError: [Errno 2] ENOENT: lib/a.py', 'OSError', '[Errno 2] ENOENT: lib/a.py'],
    ['OSError: -202', 'OSError', '-202'],
    ['OSError: 12345', 'OSError', '12345'],
    ['OSError: ', 'OSError', ''],
    ["NameError: name 'x' isn't defined", 'NameError', "name 'x' isn't defined"],
    ['ValueError: 28', 'ValueError', '28'],
    ['KeyboardInterrupt: ', 'KeyboardInterrupt', ''],
    ['KeyboardInterrupt', 'KeyboardInterrupt', ''],
    ['my.Error: two\r\nlines', 'my.Error', 'two\nlines'],
  ])('%s', (line, type, message) => {
    const exception = parseTraceback(`${head}${line}\r\n`);
    expect(exception).toMatchObject({ type, message });
    expect(exception.traceback.split('\n')[0]).toBe('Traceback (most recent call last):');
  });

  it('keeps the lines about places and ends with the named error', () => {
    expect(parseTraceback(`${head}OSError: 28\r\n`).traceback).toBe(
      'Traceback (most recent call last):\n  File "<stdin>", line 1, in <module>\nOSError: [Errno 28] ENOSPC',
    );
  });

  it('takes what is no exception as it is', () => {
    expect(parseTraceback('MemoryError').summary).toBe('MemoryError');
    expect(parseTraceback('some noise!').summary).toBe('some noise!');
  });
});

describe('what others ask about an exception', () => {
  it('its errno and its type', () => {
    const error = boardExceptionError(`${head}OSError: 28\r\n`);
    expect(errnoOf(error)).toBe(28);
    expect(exceptionTypeOf(error)).toBe('OSError');
    expect(errnoOf(boardExceptionError(`${head}ValueError: 28\r\n`))).toBeUndefined();
    expect(errnoOf(new UpywError('port/none', {}))).toBeUndefined();
    expect(exceptionTypeOf(new Error('x'))).toBeUndefined();
  });
});
