import { UpywError } from '../errors.js';
import { shownAddress } from '../shown-address.js';
import { isLikelyBoard } from './serial/bridges.js';
import { parseNetworkAddress } from './network/network-address.js';
import type { PortInfo, PortKind } from './port.js';
import { parseRfc2217Name } from './rfc2217/rfc2217-name.js';

/** What a name asks for, before any port was looked at. */
export type PortRequest =
  | { readonly kind: PortKind; readonly address: string }
  | { readonly kind: 'auto' }
  | { readonly kind: 'id'; readonly serialNumber: string };

/** A port that can be opened: `address` is what its opener takes. */
export interface ResolvedPort {
  readonly kind: PortKind;
  readonly address: string;
}

/** mpremote's shortcuts (`mpremote/main.py`: a0, u0, c0 and so on). */
const shortcuts: Readonly<Record<string, string>> = { a: '/dev/ttyACM', u: '/dev/ttyUSB', c: 'COM' };

/** The file that `image:FILE` means, in the place of a port; undefined for any other name. */
export function imageIn(name: string): string | undefined {
  const prefix = 'image:';
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}

/** Reads a name as the user typed it. Looks at nothing, so a typing mistake is found before any work. Throws `usage/bad-port`. */
export function parsePortName(name: string): PortRequest {
  if (name === 'auto') return { kind: 'auto' };
  if (name.startsWith('sim:')) return { kind: 'sim', address: name };
  if (/^(socket|rfc2217):/i.test(name)) return parseNetworkName(name);
  if (name.startsWith('id:')) return parseIdName(name);
  if (name.startsWith('port:')) return parsePathName(name);
  const image = imageIn(name);
  if (image !== undefined) throw new UpywError('image/no-board', { path: image });
  const shortcut = /^([auc])(\d{1,3})$/.exec(name);
  if (shortcut !== null) {
    return { kind: 'serial', address: `${shortcuts[shortcut[1] ?? ''] ?? ''}${shortcut[2] ?? ''}` };
  }
  const device = devicePath(name);
  if (device === undefined) throw badName(name);
  return { kind: 'serial', address: device };
}

/**
 * The one port that `name` means. `listPorts` is called only when the name leaves it open.
 * `auto` takes the one board there is, never a virtual one. Throws `usage/bad-port`, `port/none`, `port/several`, `port/not-found`.
 */
export async function resolvePortName(
  name: string,
  listPorts: () => Promise<readonly PortInfo[]>,
): Promise<ResolvedPort> {
  const request = parsePortName(name);
  if (request.kind === 'auto') return pickBoard(await listPorts());
  if (request.kind === 'id') return pickSerialNumber(request.serialNumber, await listPorts());
  return request;
}

function pickBoard(ports: readonly PortInfo[]): ResolvedPort {
  const boards = ports.filter(isLikelyBoard).map(({ path }) => path);
  if (boards.length > 1) throw new UpywError('port/several', { ports: boards });
  if (boards[0] === undefined) throw new UpywError('port/none', { others: ports.map(({ path }) => path) });
  return { kind: 'serial', address: boards[0] };
}

function pickSerialNumber(serialNumber: string, ports: readonly PortInfo[]): ResolvedPort {
  const wanted = serialNumber.toLowerCase();
  const found = ports
    .filter(({ usb }) => usb?.serialNumber?.toLowerCase() === wanted)
    .map(({ path }) => path);
  if (found.length > 1) throw new UpywError('port/several', { ports: found });
  if (found[0] === undefined) {
    throw new UpywError('port/not-found', { port: `id:${serialNumber}`, known: knownNames(ports) });
  }
  return { kind: 'serial', address: found[0] };
}

function knownNames(ports: readonly PortInfo[]): string[] {
  return ports.map(({ path, usb }) => (usb?.serialNumber === undefined ? path : `id:${usb.serialNumber}`));
}

function parseNetworkName(name: string): PortRequest {
  const kind = name.toLowerCase().startsWith('socket') ? 'socket' : 'rfc2217';
  const { options } = kind === 'socket' ? parseNetworkAddress(name) : parseRfc2217Name(name).address;
  if (kind === 'socket' && options.size > 0) {
    throw new UpywError('usage/bad-port', { port: shownAddress(name), reason: 'socket:// takes no options' });
  }
  return { kind, address: name };
}

function parseIdName(name: string): PortRequest {
  const serialNumber = name.slice('id:'.length);
  if (serialNumber === '') {
    throw new UpywError('usage/bad-port', { port: name, reason: 'the serial number is missing' });
  }
  return { kind: 'id', serialNumber };
}

function parsePathName(name: string): PortRequest {
  const path = name.slice('port:'.length);
  if (path === '') throw new UpywError('usage/bad-port', { port: name, reason: 'the path is missing' });
  return { kind: 'serial', address: devicePath(path) ?? path };
}

/** `COM10`, `COM10:`, `\\.\COM10`, `/dev/…`, any path with a slash, `ttyUSB0` for `/dev/ttyUSB0`. */
function devicePath(name: string): string | undefined {
  const com = /^(?:[\\/]{2}\.[\\/])?(COM\d+):?$/i.exec(name);
  if (com?.[1] !== undefined) return com[1].toUpperCase();
  if (/^(tty|cu\.)[\w.-]*$/.test(name)) return `/dev/${name}`;
  return name.includes('/') && !/^[a-z][a-z0-9+.-]*:/i.test(name) ? name : undefined;
}

function badName(name: string): UpywError {
  const scheme = /^[a-z][a-z0-9+.-]*:(?=\/\/)/i.exec(name)?.[0];
  if (name === '') return new UpywError('usage/bad-port', { port: '""', reason: 'it is empty' });
  if (name === 'sim')
    return new UpywError('usage/bad-port', { port: name, reason: 'write it with a colon, sim:' });
  const reason =
    scheme === undefined ? 'no device, shortcut or address looks like that' : `${scheme}// is not known`;
  return new UpywError('usage/bad-port', { port: shownAddress(name), reason });
}
