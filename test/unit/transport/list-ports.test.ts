import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { describePorts, listLinuxPorts, listSerialPorts } from '../../../src/transport/serial/list-ports.js';
import { describeWith } from '../../support/systems.js';

/** A /sys as Linux lays it out: class/tty/NAME/device leads to the port's own folder, below the USB device's. */
class Sys {
  readonly #root: string;
  readonly classFolder: string;

  private constructor(root: string) {
    this.#root = root;
    this.classFolder = join(root, 'class/tty');
  }

  static async make(): Promise<Sys> {
    const root = await mkdtemp(join(tmpdir(), 'upyw-sys-'));
    onTestFinished(() => rm(root, { recursive: true }));
    const sys = new Sys(root);
    await mkdir(sys.classFolder, { recursive: true });
    return sys;
  }

  async usb(folder: string, files: Record<string, string>): Promise<void> {
    await mkdir(join(this.#root, folder), { recursive: true });
    for (const [name, text] of Object.entries(files))
      await writeFile(join(this.#root, folder, name), `${text}\n`);
  }

  async tty(name: string, device?: string): Promise<void> {
    await mkdir(join(this.classFolder, name));
    if (device === undefined) return;
    await mkdir(join(this.#root, device), { recursive: true });
    await symlink(join(this.#root, device), join(this.classFolder, name, 'device'));
  }
}

describeWith('links for everybody', 'on Linux', () => {
  it('a CH340 (ttyUSB) and a CH9102 (ttyACM) are found with all that is known of them', async () => {
    const sys = await Sys.make();
    await sys.usb('devices/usb1/1-2', { idVendor: '1a86', idProduct: '7523' });
    await sys.tty('ttyUSB0', 'devices/usb1/1-2/1-2:1.0/ttyUSB0');
    await sys.usb('devices/usb1/1-3', {
      idVendor: '1a86',
      idProduct: '55d4',
      serial: '5435034372',
      manufacturer: 'QinHeng',
    });
    await sys.tty('ttyACM0', 'devices/usb1/1-3/1-3:1.0');
    expect(await listLinuxPorts(sys.classFolder)).toEqual([
      {
        path: '/dev/ttyACM0',
        usb: { vendorId: '1a86', productId: '55d4', serialNumber: '5435034372' },
        bridge: 'CH9102',
        manufacturer: 'QinHeng',
        location: '1-3',
      },
      {
        path: '/dev/ttyUSB0',
        usb: { vendorId: '1a86', productId: '7523' },
        bridge: 'CH340',
        location: '1-2',
      },
    ]);
  });

  it('names come in the order people count', async () => {
    const sys = await Sys.make();
    await sys.usb('devices/usb1/1-2', { idVendor: '10c4', idProduct: 'ea60' });
    for (const name of ['ttyUSB10', 'ttyUSB9']) await sys.tty(name, `devices/usb1/1-2/1-2:1.0/${name}`);
    const names = (await listLinuxPorts(sys.classFolder)).map(({ path }) => path);
    expect(names).toEqual(['/dev/ttyUSB9', '/dev/ttyUSB10']);
  });

  it("phantoms stay hidden, a Raspberry Pi's UART does not", async () => {
    const sys = await Sys.make();
    await sys.tty('ttyS0', 'devices/platform/serial8250/serial8250:0/serial8250:0.0');
    await sys.tty('ttyAMA0', 'devices/platform/soc/fe201000.serial/fe201000.serial:0/fe201000.serial:0.0');
    await sys.tty('tty1');
    await sys.tty('console');
    expect(await listLinuxPorts(sys.classFolder)).toEqual([{ path: '/dev/ttyAMA0' }]);
  });

  it('a machine without /sys has no ports', async () => {
    expect(await listLinuxPorts('/no/such/folder')).toEqual([]);
  });
});

describe('on macOS', () => {
  const ch340 = { vendorId: '1a86', productId: '7523', locationId: '01100000', serialNumber: undefined };

  it('cu.* stands for tty.*', () => {
    const listed = [{ path: '/dev/tty.usbserial-110', ...ch340 }];
    expect(describePorts(listed, 'darwin')).toMatchObject([
      { path: '/dev/cu.usbserial-110', bridge: 'CH340' },
    ]);
  });

  it('one board under two drivers is one port', () => {
    const two = [
      { path: '/dev/tty.wchusbserial110', ...ch340 },
      { path: '/dev/tty.usbserial-110', ...ch340 },
    ];
    expect(describePorts(two, 'darwin').map(({ path }) => path)).toEqual(['/dev/cu.usbserial-110']);
    expect(describePorts(two.slice(0, 1), 'darwin')).toHaveLength(1);
  });

  it("the system's own ports stay hidden", () => {
    const own = ['Bluetooth-Incoming-Port', 'debug-console', 'wlan-debug'];
    expect(
      describePorts(
        own.map((name) => ({ path: `/dev/tty.${name}` })),
        'darwin',
      ),
    ).toEqual([]);
  });
});

describe('on Windows', () => {
  it('ids come in lower case, and a made-up serial number is none', () => {
    const listed = [
      {
        path: 'COM10',
        vendorId: '10C4',
        productId: 'EA60',
        serialNumber: '0001',
        manufacturer: 'Silicon Labs',
      },
      { path: 'COM3', vendorId: '1A86', productId: '7523', serialNumber: '5&2A6C3F4&0&1' },
      { path: 'COM1', manufacturer: '(Standard port types)' },
    ];
    expect(describePorts(listed, 'win32')).toEqual([
      { path: 'COM1', manufacturer: '(Standard port types)' },
      { path: 'COM3', usb: { vendorId: '1a86', productId: '7523' }, bridge: 'CH340' },
      {
        path: 'COM10',
        usb: { vendorId: '10c4', productId: 'ea60', serialNumber: '0001' },
        bridge: 'CP210x',
        manufacturer: 'Silicon Labs',
      },
    ]);
  });
});

it('this machine can be asked', async () => {
  expect(await listSerialPorts()).toBeInstanceOf(Array);
});
