import { expect, it } from 'vitest';
import { openPort } from '../../../src/transport/open-port.js';
import type { PortInfo, PortKind, PortOpener } from '../../../src/transport/port.js';
import { ScriptedPort } from '../../support/scripted-port.js';

const board: PortInfo = { path: '/dev/ttyUSB3', usb: { vendorId: '10c4', productId: 'ea60' } };

function fakes(ports: PortInfo[]): { opened: string[]; deps: Parameters<typeof openPort>[2] } {
  const opened: string[] = [];
  const opener =
    (kind: PortKind): PortOpener =>
    (address, { baudRate }) => {
      opened.push(`${kind} ${address} ${baudRate}`);
      return Promise.resolve(new ScriptedPort());
    };
  const openers = {
    serial: opener('serial'),
    socket: opener('socket'),
    rfc2217: opener('rfc2217'),
    sim: opener('sim'),
  };
  return { opened, deps: { openers, listPorts: () => Promise.resolve(ports) } };
}

it.each([
  ['auto', 'serial /dev/ttyUSB3 9600'],
  ['u1', 'serial /dev/ttyUSB1 9600'],
  ['socket://h:1', 'socket socket://h:1 9600'],
  ['rfc2217://h:1', 'rfc2217 rfc2217://h:1 9600'],
  ['sim:desk?unpaced', 'sim sim:desk?unpaced 9600'],
])('%s goes to its opener', async (name, expected) => {
  const { opened, deps } = fakes([board]);
  await openPort(name, { baudRate: 9600 }, deps);
  expect(opened).toEqual([expected]);
});

it('opens nothing, least of all the virtual board, when auto finds no board', async () => {
  const { opened, deps } = fakes([]);
  await expect(openPort('auto', { baudRate: 9600 }, deps)).rejects.toMatchObject({
    code: 'port/none',
    exitCode: 3,
  });
  expect(opened).toEqual([]);
});
