import { describe, expect, it } from 'vitest';
import type { PortInfo } from '../../../src/transport/port.js';
import { parsePortName, resolvePortName } from '../../../src/transport/port-name.js';

const ch340 = (path: string, serialNumber?: string): PortInfo => ({
  path,
  bridge: 'CH340',
  usb: { vendorId: '1a86', productId: '7523', ...(serialNumber === undefined ? {} : { serialNumber }) },
});
const modem: PortInfo = { path: '/dev/ttyUSB7', usb: { vendorId: '12d1', productId: '1001' } };
const uart: PortInfo = { path: '/dev/ttyAMA0' };

const list =
  (...ports: PortInfo[]) =>
  () =>
    Promise.resolve(ports);
const noList = () => Promise.reject(new Error('the list was not needed'));

describe('names that say it all', () => {
  it.each([
    ['u0', 'serial', '/dev/ttyUSB0'],
    ['a3', 'serial', '/dev/ttyACM3'],
    ['c3', 'serial', 'COM3'],
    ['COM10', 'serial', 'COM10'],
    ['com10', 'serial', 'COM10'],
    [String.raw`\\.\COM12`, 'serial', 'COM12'],
    ['//./COM12', 'serial', 'COM12'],
    ['com3:', 'serial', 'COM3'],
    ['/dev/ttyUSB0', 'serial', '/dev/ttyUSB0'],
    ['/dev/serial/by-id/usb-1a86_USB', 'serial', '/dev/serial/by-id/usb-1a86_USB'],
    ['ttyUSB0', 'serial', '/dev/ttyUSB0'],
    ['cu.usbserial-0001', 'serial', '/dev/cu.usbserial-0001'],
    ['port:/dev/pts/3', 'serial', '/dev/pts/3'],
    ['port:COM4', 'serial', 'COM4'],
    ['port:odd name', 'serial', 'odd name'],
    ['./pty', 'serial', './pty'],
    ['socket://localhost:9000', 'socket', 'socket://localhost:9000'],
    ['rfc2217://[::1]:2217', 'rfc2217', 'rfc2217://[::1]:2217'],
    ['rfc2217://host:2217?ign_set_control', 'rfc2217', 'rfc2217://host:2217?ign_set_control'],
    ['sim:', 'sim', 'sim:'],
    ['sim:desk1?unpaced&latency=5', 'sim', 'sim:desk1?unpaced&latency=5'],
  ])('%s', async (name, kind, address) => {
    expect(await resolvePortName(name, noList)).toEqual({ kind, address });
  });
});

describe('names that are none', () => {
  it.each([
    ['', 'it is empty'],
    ['sim', 'write it with a colon, sim:'],
    ['x0', 'no device, shortcut or address looks like that'],
    ['u', 'no device, shortcut or address looks like that'],
    ['board 1', 'no device, shortcut or address looks like that'],
    ['id:', 'the serial number is missing'],
    ['port:', 'the path is missing'],
    ['http://host:80', 'http:// is not known'],
    ['loop://', 'loop:// is not known'],
    ['socket://host', 'the port number is missing, as in host:2217'],
    ['socket://host:0', 'the port number is missing, as in host:2217'],
    ['socket://:9000', 'it needs the form scheme://host:port'],
    ['socket:host', 'the host is missing'],
    ['socket://host:99999', 'it needs the form scheme://host:port'],
    ['socket://me:secret@host:9000', 'user and password have no place in it'],
    ['socket://host:9000/board', 'a path has no place in it'],
    ['socket://host:9000?x', 'socket:// takes no options'],
  ])('%j: %s', (name, reason) => {
    expect(() => parsePortName(name)).toThrow(
      expect.objectContaining({
        code: 'usage/bad-port',
        exitCode: 2,
        details: expect.objectContaining({ reason }) as unknown,
      }),
    );
  });
});

describe('auto', () => {
  it('takes the one board, whatever else is plugged in', async () => {
    expect(await resolvePortName('auto', list(uart, modem, ch340('/dev/ttyUSB1')))).toEqual({
      kind: 'serial',
      address: '/dev/ttyUSB1',
    });
  });

  it('finds none, names what it left alone, and points to the virtual board', async () => {
    const error: unknown = await resolvePortName('auto', list(uart, modem)).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'port/none', exitCode: 3 });
    expect(error).toHaveProperty('hint', expect.stringContaining('/dev/ttyAMA0 or /dev/ttyUSB7'));
    await expect(resolvePortName('auto', list())).rejects.toHaveProperty(
      'hint',
      expect.stringContaining('-p sim:'),
    );
  });

  it('does not choose between several', async () => {
    await expect(resolvePortName('auto', list(ch340('COM3'), ch340('COM4')))).rejects.toMatchObject({
      code: 'port/several',
      details: { ports: ['COM3', 'COM4'] },
    });
  });
});

describe('id:SERIAL', () => {
  it('finds the port whatever the case', async () => {
    const ports = list(ch340('/dev/ttyUSB0'), ch340('/dev/ttyUSB1', '0A1B'));
    expect(await resolvePortName('id:0a1b', ports)).toEqual({ kind: 'serial', address: '/dev/ttyUSB1' });
  });

  it('names what is there when it is not', async () => {
    await expect(
      resolvePortName('id:5', list(ch340('/dev/ttyUSB0'), ch340('/dev/ttyUSB1', '0A1B'))),
    ).rejects.toMatchObject({
      code: 'port/not-found',
      details: { port: 'id:5', known: ['/dev/ttyUSB0', 'id:0A1B'] },
    });
  });

  it('does not choose between two that share one', async () => {
    await expect(resolvePortName('id:1', list(ch340('a', '1'), ch340('b', '1')))).rejects.toMatchObject({
      code: 'port/several',
    });
  });
});
