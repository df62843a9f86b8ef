import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPort } from 'upyw';
import { UpywError } from '../../src/errors.js';
import type { PortOpener } from '../../src/transport/port.js';
import { enterLoader, playLines } from '../../src/transport/reset-lines.js';
import { runInWorld } from '../support/memory-world.js';
import { Workplace } from '../support/virtual-board.js';

describe('list --probe', () => {
  let here: Workplace;
  beforeAll(async () => {
    here = await Workplace.open({ inTest: true });
  });
  afterAll(() => here.close());

  /** Virtual boards in place of what is plugged into this computer, by the paths they seem to have. */
  const boards: Record<string, PortOpener> = {
    '/dev/ttyUSB0': (_, options) => openPort('sim:a?unpaced', options),
    '/dev/ttyUSB1': async (_, options) => {
      const port = await openPort('sim:b?unpaced', options);
      await playLines(port, enterLoader);
      return port;
    },
    '/dev/ttyUSB2': (_, options) => openPort('sim:c?unpaced&fault=silence:0', options),
    '/dev/ttyUSB3': () =>
      Promise.reject(new UpywError('port/busy', { port: '/dev/ttyUSB3', holder: 'Thonny' })),
  };

  test('tells MicroPython, the ROM loader, silence, and a port that is taken', async () => {
    const serial: PortOpener = (address, options) => {
      const open = boards[address];
      return open === undefined ? Promise.reject(new Error(address)) : open(address, options);
    };
    const { exitCode, stdout } = await runInWorld(['list', '--probe', '--json'], {
      listPorts: () => Promise.resolve(Object.keys(boards).map((path) => ({ path }))),
      openers: { serial, socket: serial, rfc2217: serial, sim: serial },
    });
    expect(exitCode).toBe(0);
    const { ports } = JSON.parse(stdout) as { ports: { answer: object }[] };
    expect(ports.map(({ answer }) => answer)).toEqual([
      {
        kind: 'micropython',
        text: expect.stringMatching(/^MicroPython 1\.\d+.*ESP32/) as string,
        version: expect.any(String) as string,
        machine: expect.any(String) as string,
        mac: expect.stringMatching(/^24:0a:12(?::[0-9a-f]{2}){3}$/) as string,
      },
      { kind: 'loader', text: 'ROM loader, waiting for firmware' },
      { kind: 'nothing', text: 'no answer' },
      { kind: 'unavailable', text: '/dev/ttyUSB3 is in use by Thonny', code: 'port/busy' },
    ]);
  });
});
