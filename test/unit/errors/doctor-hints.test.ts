import { expect, it } from 'vitest';
import { UpywError } from '../../../src/errors.js';

/** Where `upyw doctor` would tell more than the error can, the error says so. */
const port = 'COM3';
const lastBytes = '';
const waitedMs = 3000;

it.each([
  new UpywError('port/none', {}),
  new UpywError('port/no-match', { pattern: 'COM*', known: [] }),
  new UpywError('port/not-found', { port, known: [] }),
  new UpywError('port/busy', { port }),
  new UpywError('port/permission', { port }),
  new UpywError('port/lost', { port }),
  new UpywError('port/silent', { port, waitedMs }),
  new UpywError('port/failed', { port, reason: 'Unknown error code 31' }),
  new UpywError('rawrepl/no-prompt', { port, waitedMs, lastBytes }),
  new UpywError('rawrepl/protocol', { port, expected: 'a prompt', lastBytes: 'x' }),
  new UpywError('rawrepl/no-micropython', { port, said: 'waiting for download', inLoader: true }),
  new UpywError('loader/no-sync', { port, lastBytes }),
  new UpywError('loader/silent', { port, waitedMs }),
  new UpywError('loader/read-damaged', { offset: 0, sizeBytes: 4096, tries: 3 }),
])('$code names upyw doctor', ({ hint }) => {
  expect(hint).toContain('upyw doctor');
});

it.each([
  // The program is known, the group too, or what to do: nothing is left to be found out.
  new UpywError('port/busy', { port, holder: 'upyw sim serve' }),
  new UpywError('port/permission', { port, group: 'dialout' }),
  new UpywError('port/lost', { port, nativeUsb: true }),
  new UpywError('port/several', { ports: ['COM3', 'COM4'] }),
  new UpywError('rawrepl/no-micropython', { port, said: 'invalid header: 0xffffffff', inLoader: false }),
])('$code says all there is to do', ({ hint }) => {
  expect(hint).not.toContain('upyw doctor');
});
