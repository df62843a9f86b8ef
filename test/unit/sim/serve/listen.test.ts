import { describe, expect, it } from 'vitest';
import { parseListenAddress } from '../../../../src/sim/serve/listen.js';

describe('the address to listen at', () => {
  it.each([
    ['2217', { host: '127.0.0.1', port: 2217 }],
    [':2217', { host: '127.0.0.1', port: 2217 }],
    ['0.0.0.0:0', { host: '0.0.0.0', port: 0 }],
    ['[::1]:2217', { host: '::1', port: 2217 }],
    ['localhost:2217', { host: 'localhost', port: 2217 }],
  ])('%s', (text, expected) => {
    expect(parseListenAddress(text)).toEqual(expected);
  });

  it.each(['', 'localhost', '1.2.3.4:', '1.2.3.4:99999', 'a:b:c'])('refuses %j', (text) => {
    expect(() => parseListenAddress(text)).toThrow(
      expect.objectContaining({ code: 'usage/bad-value', exitCode: 2 }),
    );
  });
});
