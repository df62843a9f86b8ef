import { describe, expect, test } from 'vitest';
import { UpywError } from '../../../src/errors.js';
import type { PortInfo } from '../../../src/transport/port.js';
import { Person, askPerson as ask } from '../../support/person.js';

describe('questions', () => {
  const boards: PortInfo[] = ['COM3', 'COM4'].map((path) => ({
    path,
    usb: { vendorId: '1a86', productId: '7523' },
  }));

  test('several boards: the one that is picked is opened', async () => {
    const opened: string[] = [];
    const serial = (address: string) => {
      opened.push(address);
      return Promise.reject(new UpywError('port/busy', { port: address }));
    };
    const person = new Person({ select: 'COM4' });
    const openers = { serial, socket: serial, rfc2217: serial, sim: serial };
    const { exitCode } = await ask(['ls'], person, { openers, listPorts: () => Promise.resolve(boards) });
    expect([person.questions, opened, exitCode]).toEqual([['Which board?'], ['COM4'], 3]);
  });

  test('emptying the whole board is asked about; no is no, exit code 1', async () => {
    const person = new Person({ confirm: false });
    const { exitCode, stderr } = await ask(['rm', '-r', ':'], person);
    expect(person.questions).toEqual(["This will remove everything in the board's current folder. Go on?"]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('usage/declined');
  });

  test('--yes asks nothing, and neither does the removal of one thing', async () => {
    const person = new Person({ confirm: false });
    // Without a board both end in port/none, behind the point where the question would be.
    expect((await ask(['rm', '-r', ':', '--yes'], person)).exitCode).toBe(3);
    expect((await ask(['rm', '-r', 'lib'], person)).exitCode).toBe(3);
    expect(person.questions).toEqual([]);
  });
});
