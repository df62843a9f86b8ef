import { readdir, readFile, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { bridgeName } from './bridges.js';
import type { PortInfo, UsbIdentity } from '../port.js';

/** What serialport's `list()` says about one port. */
export interface ListedPort {
  readonly path: string;
  readonly vendorId?: string | undefined;
  readonly productId?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly manufacturer?: string | undefined;
  readonly locationId?: string | undefined;
}

/**
 * The serial ports of this computer, sorted by name. On Linux from /sys, where serialport would run `udevadm` to read the
 * same (slower, and absent in containers); elsewhere from serialport.
 */
export async function listSerialPorts(): Promise<PortInfo[]> {
  if (process.platform === 'linux') return listLinuxPorts();
  const { SerialPort } = await import('serialport');
  return describePorts(await SerialPort.list(), process.platform);
}

/** USB ids of one port, by the cheapest way this system has. */
export async function findUsbIdentity(path: string): Promise<UsbIdentity | undefined> {
  if (process.platform === 'linux') {
    const device = await realpath(path).catch(() => path);
    return (await describeLinuxPort('/sys/class/tty', basename(device)))?.usb;
  }
  const listed = macCallout(path, process.platform);
  return (await listSerialPorts()).find((port) => port.path === listed)?.usb;
}

/** What Windows and macOS report, put into our form: cu.* for tty.*, ids in lower case, no phantoms, no double driver. */
export function describePorts(listed: readonly ListedPort[], platform: NodeJS.Platform): PortInfo[] {
  const mine = platform === 'darwin' ? listed.filter((port) => !isMacPhantom(port, listed)) : listed;
  return mine.map((port) => describePort(port, platform)).sort(byPath);
}

/** Linux keeps a folder for every serial port; those without hardware behind them have no `device`. */
export async function listLinuxPorts(ttyFolder = '/sys/class/tty'): Promise<PortInfo[]> {
  const names = await listFolder(ttyFolder);
  const ports = await Promise.all(names.map((name) => describeLinuxPort(ttyFolder, name)));
  return ports.filter((port) => port !== undefined).sort(byPath);
}

/** UARTs that are real although no USB device stands behind them: single-board computers and Bluetooth. */
const realWithoutUsb = /^(ttyAMA|ttymxc|ttyTHS|rfcomm)\d+$/;

async function describeLinuxPort(ttyFolder: string, name: string): Promise<PortInfo | undefined> {
  const device = await realpath(join(ttyFolder, name, 'device')).catch(() => undefined);
  if (device === undefined) return undefined;
  const path = `/dev/${name}`;
  const usbFolder = await findUsbFolder(device);
  if (usbFolder === undefined) return realWithoutUsb.test(name) ? { path } : undefined;
  const read = (file: string) =>
    readFile(join(usbFolder, file), 'utf8').then(
      (text) => text.trim(),
      () => undefined,
    );
  const [vendorId, productId, serialNumber, manufacturer] = await Promise.all(
    ['idVendor', 'idProduct', 'serial', 'manufacturer'].map(read),
  );
  return describePort(
    { path, vendorId, productId, serialNumber, manufacturer, locationId: basename(usbFolder) },
    'linux',
  );
}

/** The USB device stands one (ttyACM) or two (ttyUSB) folders above the port's; a UART on the board has none. */
async function findUsbFolder(device: string): Promise<string | undefined> {
  let folder = device;
  for (let level = 0; level < 3; level += 1) {
    if ((await listFolder(folder)).includes('idVendor')) return folder;
    folder = dirname(folder);
  }
  return undefined;
}

function listFolder(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

function describePort(port: ListedPort, platform: NodeJS.Platform): PortInfo {
  const usb = usbIdentity(port, platform);
  const bridge = usb === undefined ? undefined : bridgeName(usb.vendorId, usb.productId);
  return {
    path: macCallout(port.path, platform),
    ...(usb === undefined ? {} : { usb }),
    ...(bridge === undefined ? {} : { bridge }),
    ...(port.manufacturer === undefined ? {} : { manufacturer: port.manufacturer }),
    ...(port.locationId === undefined || port.locationId === '' ? {} : { location: port.locationId }),
  };
}

/**
 * macOS gives each port two names (`IOSerialFamily`): tty.* is for dialling in, and opening it may wait for a carrier that no adapter of a
 * board ever shows; cu.* is for calling out. Both are one device: while one is open, the other is busy.
 */
export function macCallout(path: string, platform: NodeJS.Platform): string {
  return platform === 'darwin' ? path.replace('/dev/tty.', '/dev/cu.') : path;
}

function usbIdentity(port: ListedPort, platform: NodeJS.Platform): UsbIdentity | undefined {
  const { vendorId, productId, serialNumber } = port;
  if (vendorId === undefined || productId === undefined) return undefined;
  const ids = { vendorId: fourDigits(vendorId), productId: fourDigits(productId) };
  // For a device without a serial number Windows makes up one from where it is plugged in; it has '&' in it.
  const madeUp = platform === 'win32' && serialNumber?.includes('&') === true;
  return serialNumber === undefined || serialNumber === '' || madeUp ? ids : { ...ids, serialNumber };
}

function fourDigits(id: string): string {
  return id.toLowerCase().replace(/^0x/, '').padStart(4, '0');
}

/**
 * Ports that macOS itself makes, and the second face of a CH340 under WCH's own driver (`wchusbserial…`) where Apple's
 * shows it too: the same place on the bus twice.
 */
function isMacPhantom(port: ListedPort, all: readonly ListedPort[]): boolean {
  if (/Bluetooth-Incoming-Port|debug-console|wlan-debug/.test(port.path)) return true;
  return (
    port.path.includes('.wchusbserial') &&
    port.locationId !== undefined &&
    all.some((other) => !other.path.includes('.wchusbserial') && other.locationId === port.locationId)
  );
}

/** `ttyUSB10` after `ttyUSB9`. */
function byPath(a: PortInfo, b: PortInfo): number {
  return a.path.localeCompare(b.path, 'en', { numeric: true });
}
