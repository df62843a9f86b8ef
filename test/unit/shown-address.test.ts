import { describe, expect, it } from 'vitest';
import { parsePortName } from '../../src/transport/port-name.js';
import { shownAddress } from '../../src/shown-address.js';
import { shownValue } from '../../src/config/key.js';
import { keys } from '../../src/config/keys.js';

describe('a port as messages show it', () => {
  it.each([
    ['sim:desk1?unpaced&fault=noise', 'sim:desk1?unpaced&fault=noise'],
    ['/dev/ttyUSB0', '/dev/ttyUSB0'],
    ['sim:?wifi=home:secret', 'sim:?wifi=home:***'],
    ['sim:?wifi=home:se:cr=et?x&unpaced&wifi=b:other', 'sim:?wifi=home:***&unpaced&wifi=b:***'],
    ['sim:?w%69fi=home:secret', 'sim:?w%69fi=home:***'],
    ['sim:?%zz=1&wifi=home:secret', 'sim:?%zz=1&wifi=home:***'],
    ['sim:?wifi=open', 'sim:?wifi=open'],
    ['rfc2217://me:se@c:ret@host:2217?x', 'rfc2217://me:***@host:2217?x'],
    ['socket:me:secret@h:1', 'socket:me:***@h:1'],
    ['git+ssh://me:secret@h', 'git+ssh://me:***@h'],
    ['socket://[::1]:2217', 'socket://[::1]:2217'],
  ])('%s is %s', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
    expect(shownValue(keys.port, address)).toBe(shown);
  });

  it('is masked where it is no port at all', () => {
    for (const name of ['simm?wifi=home:secret', 'socket://me:secret@host:1', 'rfc2217://me:secret@host:1'])
      expect(() => parsePortName(name)).toThrow(/^(?!.*secret).*\*\*\*/);
  });
});
