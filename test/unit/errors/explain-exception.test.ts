import { describe, expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import { explainException } from '../../../src/errors/explain-exception.js';
import { boardExceptionError } from '../../../src/rawrepl/board-exception.js';

function traceback(exception: string, file = 'main.py'): string {
  return `Traceback (most recent call last):\r\n  File "<stdin>", line 1, in <module>\r\n  File "${file}", line 3, in f\r\n${exception}\r\n`;
}

describe('explainException', () => {
  it.each([
    ["ImportError: no module named 'wifi_and_ntp'", /not on this board yet.*upyw provision/],
    ["ImportError: no module named 'aswitch'", /not on this board yet.*upyw provision/],
    ["ImportError: no module named 'api_test'", /not on this board yet.*upyw provision/],
    ["ImportError: no module named 'config'", /not on this board yet.*upyw provision/],
    ["AttributeError: 'module' object has no attribute 'blink'", /io\.py is not on this board yet/],
    ["AttributeError: module 'io' has no attribute 'blink'", /io\.py is not on this board yet/],
    ["AttributeError: 'module' object has no attribute 'test_adc'", /io\.py is not on this board yet/],
    ['OSError: 23', /response was not closed/],
    ['OSError: [Errno 23] ENFILE', /response was not closed/],
    ['OSError: -4290', /ran out of RAM/],
    ["OSError: (-17040, 'MBEDTLS_ERR_RSA_PUBLIC_FAILED+MBEDTLS_ERR_MPI_ALLOC_FAILED')", /ran out of RAM/],
    ["OSError: (-32512, 'MBEDTLS_ERR_SSL_ALLOC_FAILED')", /ran out of RAM/],
    ['OSError: [Errno 12] ENOMEM', /ran out of RAM/],
    ['MemoryError: memory allocation failed, allocating 4096 bytes', /ran out of RAM/],
    ['MemoryError: ', /ran out of RAM/],
    ['OSError: -202', /^no network/],
    ['OSError: [Errno 118] EHOSTUNREACH', /^no network/],
    ['OSError: Wifi Not Connected', /^no network/],
    ['OSError: Wifi Not Started', /^Wi-Fi is off.*active\(True\)/],
    ["NameError: name 'json' isn't defined", /^json was not imported.*import json/],
    ["NameError: name 'Pin' isn't defined", /from machine import Pin/],
    ["NameError: name 'sleep' isn't defined", /from time import sleep/],
    ["AttributeError: 'sha256' object has no attribute 'hexdigest'", /hexlify\(h\.digest\(\)\)/],
    ["ImportError: no module named 'upip'", /^mip has taken its place/],
    [
      "ImportError: no module named 'configparser'",
      /upyw put configparser\.py.*upyw mip search configparser/,
    ],
    ["ImportError: no module named 'umqtt.robust'", /library.*: upyw mip install umqtt\.robust$/],
    ["ImportError: no module named 'umqtt'", /library.*: upyw mip install umqtt\.simple$/],
    ["ImportError: no module named 'jwt'", /library.*: upyw mip install pyjwt$/],
    [
      "ImportError: no module named 'mine.sub'",
      /^mine is not in this firmware.*upyw put mine\.py.*upyw mip search mine$/,
    ],
    ['EOFError: ', /asked for input, and there was none/],
    ['RuntimeError: maximum recursion depth exceeded', /calls itself again and again/],
    ['ValueError: invalid pin', /inputs only/],
    ['ValueError: invalid Pin for ADC', /an ADC needs/],
    ['OSError: [Errno 116] ETIMEDOUT', /ADC2\) cannot be read while Wi-Fi is on/],
    ['IndexError: queue overflow', /too many async events/],
    ['IndexError: full', /too many async events/],
    ['RuntimeError: schedule queue full', /too many async events/],
    ['IndexError: list index out of range', /shorter than that.*getaddrinfo/],
  ])('%s', (exception, meaning) => {
    expect(explainException(traceback(exception))).toMatch(meaning);
  });

  it('of the network, on a board that was switched on for it, keeps it on', () => {
    const text = traceback('OSError: -202');
    expect(explainException(text, { isFresh: true })).toMatch(
      /switched off after each command.*upyw sim serve$/,
    );
    expect(explainException(traceback('OSError: 23'), { isFresh: true })).toMatch(/response was not closed/);
  });

  it.each(['urequests.py', 'requests/__init__.py', 'ntptime.py', '/lib/umqtt/simple.py', 'mip/__init__.py'])(
    'an index out of range within %s is the network',
    (file) => {
      expect(explainException(traceback('IndexError: list index out of range', file))).toMatch(/^no network/);
    },
  );

  it.each([
    "NameError: name 'x' isn't defined",
    "AttributeError: 'module' object has no attribute 'blinker'",
    "AttributeError: 'Pin' object has no attribute 'blink'",
    'OSError: [Errno 2] ENOENT',
    'OSError: [Errno 2] ENOENT: 23.txt is not here',
    'OSError: [Errno 123] something',
    'OSError: -2020',
    'OSError: [Errno 1160] x',
    "NameError: name 'jsonx' isn't defined",
    'ValueError: list index out of range',
    'IndexError: bytes index out of range',
    'IndexError: fullness',
    'ValueError: OSError: 23',
    '',
  ])('has nothing to add to %j', (exception) => {
    expect(explainException(traceback(exception))).toBeUndefined();
  });

  it('looks at the exception alone, not at what was printed or raised before it', () => {
    expect(
      explainException('OSError: 23\nTraceback (most recent call last):\nValueError: x'),
    ).toBeUndefined();
    expect(explainException('')).toBeUndefined();
  });

  it('becomes the hint of run/exception', () => {
    const { details } = boardExceptionError(traceback('OSError: 23'));
    expect(new UpywError('run/exception', details).hint).toMatch(/^Usually: a response was not closed/);
    const { details: plain } = boardExceptionError(traceback('KeyError: a'));
    expect(new UpywError('run/exception', plain).hint).toBe('The traceback above names the line');
  });
});
