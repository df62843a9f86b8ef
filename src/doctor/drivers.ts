import { bridgeName } from '../transport/serial/bridges.js';
import type { PortInfo } from '../transport/port.js';
import type { Patient } from './computer.js';
import type { Finding } from './finding.js';

const commandMs = 3000;
/** Where Windows keeps the drivers of its class "Ports" (its GUID is the same on every computer). */
const portsClass = String.raw`HKLM\SYSTEM\CurrentControlSet\Control\Class\{4d36e978-e325-11ce-bfc1-08002be10318}`;
const ch340 = /vid_1a86&pid_(?:7523|5523)/i;

/** An adapter that is plugged in and has no port: its driver is missing, or something has taken it. */
export async function lookForDriverless(patient: Patient, ports: readonly PortInfo[]): Promise<Finding[]> {
  const adapters = await pluggedIn(patient);
  return adapters.flatMap(({ vendorId, productId }) => {
    const bridge = bridgeName(vendorId, productId);
    const hasPort = ports.some(({ usb }) => usb?.vendorId === vendorId && usb.productId === productId);
    if (bridge === undefined || hasPort) return [];
    const text = `a ${bridge} (${vendorId}:${productId}) is plugged in, and has no port`;
    return [
      { id: 'drivers/missing', level: 'red' as const, text, next: driverStep(patient.platform, vendorId) },
    ];
  });
}

interface UsbIds {
  readonly vendorId: string;
  readonly productId: string;
}

async function pluggedIn({ platform, system }: Patient): Promise<UsbIds[]> {
  if (platform === 'linux') {
    const names = await system.readFolder('/sys/bus/usb/devices');
    const ids = names.map(async (name) => {
      const read = async (file: string) =>
        (await system.readText(`/sys/bus/usb/devices/${name}/${file}`))?.trim();
      return { vendorId: (await read('idVendor')) ?? '', productId: (await read('idProduct')) ?? '' };
    });
    return await Promise.all(ids);
  }
  if (platform === 'darwin')
    return ofMac((await system.run('ioreg', ['-p', 'IOUSB', '-l', '-w', '0'], commandMs)) ?? '');
  if (platform !== 'win32') return [];
  // Whatever the language of Windows is: of devices with a problem it gives their ids in the same form.
  const said = (await system.run('pnputil', ['/enum-devices', '/problem'], commandMs)) ?? '';
  return [...said.matchAll(/USB\\VID_([0-9A-F]{4})&PID_([0-9A-F]{4})/gi)].map(ofHex);
}

function ofHex([, vendor = '', product = '']: RegExpExecArray): UsbIds {
  return { vendorId: vendor.toLowerCase(), productId: product.toLowerCase() };
}

/** In `ioreg` numbers are decimal, the product before or behind the vendor, within one device's braces. */
function ofMac(said: string): UsbIds[] {
  return said.split('+-o ').flatMap((device) => {
    const [, vendor] = /"idVendor" = (\d+)/.exec(device) ?? [];
    const [, product] = /"idProduct" = (\d+)/.exec(device) ?? [];
    if (vendor === undefined || product === undefined) return [];
    const hex = (decimal: string) => Number(decimal).toString(16).padStart(4, '0');
    return [{ vendorId: hex(vendor), productId: hex(product) }];
  });
}

function driverStep(platform: NodeJS.Platform, vendorId: string): string {
  if (platform === 'linux')
    return 'Plug it in again; if that does not help, look for brltty, or run: sudo dmesg | tail';
  if (vendorId === '1a86')
    return 'Install the CH340 driver: https://www.wch-ic.com/downloads/CH341SER_ZIP.html';
  if (vendorId === '10c4')
    return 'Install the CP210x driver: https://www.silabs.com/developer-tools/usb-to-uart-bridge-vcp-drivers';
  if (vendorId === '0403') return 'Install the FTDI driver: https://ftdichip.com/drivers/vcp-drivers/';
  return 'Unplug the board, plug it in again at another USB port of the computer itself';
}

/** Drivers that are known to make trouble. */
export async function lookAtDrivers(patient: Patient, ports: readonly PortInfo[]): Promise<Finding[]> {
  if (patient.platform === 'win32') return await windowsDrivers(patient, ports);
  return patient.platform === 'darwin' ? await macDrivers(patient, ports) : [];
}

/** WCH's driver refuses clones of its chip from version 3.8 on: they show a port that does not open, or none. */
const refusesClonesFrom = [3, 8] as const;

async function windowsDrivers({ system }: Patient, ports: readonly PortInfo[]): Promise<Finding[]> {
  if (!ports.some(({ usb }) => usb?.vendorId === '1a86')) return [];
  const said = (await system.run('reg', ['query', portsClass, '/s'], commandMs)) ?? '';
  return said.split(/\r?\n(?=HKEY_)/).flatMap((section): Finding[] => {
    const value = (name: string) =>
      new RegExp(`^\\s*${name}\\s+REG_SZ\\s+(.+?)\\s*$`, 'im').exec(section)?.[1] ?? '';
    if (!ch340.test(value('MatchingDeviceId'))) return [];
    const version = value('DriverVersion');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const isNew =
      major > refusesClonesFrom[0] || (major === refusesClonesFrom[0] && minor >= refusesClonesFrom[1]);
    if (!isNew) return [{ id: 'drivers/ch340', level: 'green', text: `CH340 driver ${version}` }];
    const text = `CH340 driver ${version}: from 3.8 on it refuses clones of that chip, which many boards have`;
    const next =
      'If the port does not open: Device Manager, the port, Driver, Roll back; or install version 3.7';
    return [{ id: 'drivers/ch340', level: 'yellow', text, next }];
  });
}

/** Apple's own driver knows the CH340 since macOS 10.14; WCH's old one beside it holds the port. */
async function macDrivers({ system, env }: Patient, ports: readonly PortInfo[]): Promise<Finding[]> {
  const findings: Finding[] = [];
  const kexts = await system.readFolder('/Library/Extensions');
  const old = kexts.find((name) => /^(?:usbserial|CH34\w*)\.kext$/i.test(name));
  if (old !== undefined && ports.some(({ usb }) => usb?.vendorId === '1a86')) {
    const text = `WCH's old driver is here (${old}) beside Apple's own: the two get in each other's way`;
    const next = `Remove it and restart: sudo rm -rf /Library/Extensions/${old}`;
    findings.push({ id: 'drivers/two', level: 'yellow', text, next });
  }
  const named = env['UPYW_PORT'] ?? '';
  if (named.startsWith('/dev/tty.')) {
    const text = `UPYW_PORT is ${named}: opening a tty.… may wait for ever, so upyw takes the cu.… of the same device`;
    const next = `Set UPYW_PORT=${named.replace('/dev/tty.', '/dev/cu.')}, for other programs too`;
    findings.push({ id: 'macos/tty', level: 'yellow', text, next });
  }
  return findings;
}
