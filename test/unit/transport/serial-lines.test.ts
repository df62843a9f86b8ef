import { describe, expect, it } from 'vitest';
import { openSerialPort, type SerialSystem } from '../../../src/transport/serial/serial.js';

const options = { baudRate: 115_200 };

/** The operating system's side of a device with lines, which no machine without a board has. Logs what it is asked. */
class Device {
  readonly log: string[] = [];
  isOpen = true;
  readonly openOptions = {} as never;
  readonly poller = {} as never;
  readonly fd = 7;
  onSet: () => Promise<void> = () => Promise.resolve();
  #endRead: ((reason: Error) => void) | undefined;

  read(): Promise<never> {
    return new Promise((_, reject) => (this.#endRead = reject));
  }
  unplug(): void {
    this.#endRead?.(new Error('Reading from COM port (GetOverlappedResult): Access denied'));
  }
  write(bytes: Uint8Array): Promise<void> {
    this.log.push(`write ${bytes.length}`);
    return Promise.resolve();
  }
  set({ dtr, rts, brk, lowLatency }: Record<string, unknown>): Promise<void> {
    this.log.push(
      `dtr=${String(dtr)} rts=${String(rts)} brk=${String(brk)} lowLatency=${String(lowLatency)}`,
    );
    return this.onSet();
  }
  update({ baudRate }: { baudRate: number }): Promise<void> {
    this.log.push(`baud ${baudRate}`);
    return Promise.resolve();
  }
  get(): Promise<never> {
    return Promise.reject(new Error('not asked for'));
  }
  getBaudRate(): Promise<never> {
    return Promise.reject(new Error('not asked for'));
  }
  flush(): Promise<void> {
    this.log.push('flush');
    return Promise.resolve();
  }
  drain(): Promise<void> {
    this.log.push('drain');
    return Promise.resolve();
  }
  close(): Promise<void> {
    this.log.push('close');
    this.#endRead?.(new Error('Canceled'));
    return Promise.resolve();
  }
}

function system(device: Device, platform: NodeJS.Platform): SerialSystem {
  return {
    platform,
    open: ({ path, baudRate, hupcl }) => {
      device.log.push(`open ${path} at ${baudRate} hupcl=${hupcl}`);
      return Promise.resolve(device as never);
    },
  };
}

const line = (dtr: boolean, rts: boolean) => `dtr=${dtr} rts=${rts} brk=false lowLatency=true`;

describe('the lines of a serial device', () => {
  it('are released right after opening and again before closing', async () => {
    const device = new Device();
    const port = await openSerialPort('/dev/null', options, system(device, 'linux'));
    expect(port.capabilities).toEqual({ lines: true, baudRate: true });
    await port.close();
    expect(device.log).toEqual([
      'open /dev/null at 115200 hupcl=true',
      line(false, false),
      'drain',
      line(false, false),
      'close',
    ]);
  });

  it('on Windows are off from the first moment, and each change is made twice', async () => {
    const device = new Device();
    const port = await openSerialPort('COM3', options, system(device, 'win32'));
    await port.setLines({ dtr: true });
    expect(device.log).toEqual([
      'open COM3 at 115200 hupcl=false',
      line(false, false),
      line(false, false),
      line(true, false),
      line(true, false),
    ]);
    await port.close();
  });

  it.each([
    ['darwin', '/dev/tty.usbserial-110', '/dev/cu.usbserial-110'],
    ['darwin', '/dev/cu.usbserial-110', '/dev/cu.usbserial-110'],
    ['linux', '/dev/tty.odd', '/dev/tty.odd'],
  ] as const)(
    'on %s, %s is opened as %s: a dial-in port would wait for a carrier',
    async (platform, name, opened) => {
      const device = new Device();
      const port = await openSerialPort(name, options, system(device, platform));
      expect(port.name).toBe(opened);
      expect(device.log[0]).toBe(`open ${opened} at 115200 hupcl=true`);
      await port.close();
    },
  );

  it('change one at a time, the other keeping its state', async () => {
    const device = new Device();
    const port = await openSerialPort('/dev/null', options, system(device, 'linux'));
    device.log.length = 0;
    let changing = 0;
    device.onSet = async () => {
      expect((changing += 1)).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      changing -= 1;
    };
    await Promise.all([
      port.setLines({ rts: true }),
      port.setLines({ dtr: true }),
      port.setLines({ rts: false }),
    ]);
    expect(device.log).toEqual([line(false, true), line(true, true), line(true, false)]);
    await port.close();
  });

  it("that fail in another way than a pseudo-terminal's do not open", async () => {
    const device = new Device();
    device.onSet = () => Promise.reject(new Error('Error: Protocol error, cannot set'));
    await expect(openSerialPort('/dev/null', options, system(device, 'linux'))).rejects.toMatchObject({
      code: 'port/failed',
      details: { reason: 'Protocol error, cannot set' },
    });
    expect(device.log.at(-1)).toBe('close');
  });
});

describe('a serial device', () => {
  it('is drained before its rate changes, since changing it empties the buffers', async () => {
    const device = new Device();
    const port = await openSerialPort('/dev/null', options, system(device, 'linux'));
    device.log.length = 0;
    void port.write(new Uint8Array(3));
    await port.setBaudRate(9600);
    expect(device.log).toEqual(['write 3', 'drain', 'baud 9600']);
    await port.close();
  });

  it('that Windows cannot read from any more is lost', async () => {
    const device = new Device();
    const port = await openSerialPort('COM3', options, system(device, 'win32'));
    const ended = new Promise((resolve) => port.subscribe({ data: () => undefined, close: resolve }));
    device.unplug();
    expect(await ended).toMatchObject({ code: 'port/lost', details: { port: 'COM3' } });
  });

  it('that takes its time to open is not waited for when we are interrupted, and closed once it is open', async () => {
    const device = new Device();
    let open: (device: never) => void = () => undefined;
    const slow = {
      platform: 'win32',
      open: () => new Promise<never>((resolve) => (open = resolve)),
    } as const;
    const controller = new AbortController();
    const opening = openSerialPort('COM5', { ...options, signal: controller.signal }, slow);
    setTimeout(() => {
      controller.abort();
    }, 20);
    await expect(opening).rejects.toMatchObject({ code: 'run/interrupted', exitCode: 130 });
    open(device as never);
    await expect.poll(() => device.log).toEqual(['close']);
  });

  it.each([
    ['Opening COM3: File not found', 'port/not-found'],
    ['Opening COM3: Access denied', 'port/busy'],
    ['Opening COM3: Unknown error code 31', 'port/failed'],
    ['Opening COM3: Unknown error code 32', 'port/busy'],
    ['Opening COM3: Unknown error code 433', 'port/not-found'],
    ['Opening /dev/ttyUSB0: Unknown error code 3', 'port/not-found'],
    ['Opening COM3?: Unknown error code 123', 'port/not-found'],
    ['Opening COM3: Unknown error code 5000', 'port/failed'],
    ['Open (SetCommState): The parameter is incorrect 87', 'port/failed'],
    ['Error: Permission denied, cannot open /dev/ttyUSB0', 'port/permission'],
    ['Error Resource temporarily unavailable Cannot lock port', 'port/busy'],
    ['Error: Resource busy, cannot open /dev/cu.usbserial-1', 'port/busy'],
    ['Error: Device or resource busy, cannot open /dev/ttyUSB0', 'port/busy'],
    ['Error: Input/output error setting custom baud rate of 115200', 'port/failed'],
  ])('that answers %j to opening fails as %s', async (message, code) => {
    const failing = { platform: 'linux', open: () => Promise.reject(new Error(message)) } as const;
    const opening = openSerialPort('/dev/does-not-exist', options, failing);
    await expect(opening).rejects.toMatchObject({ code, exitCode: 3, cause: { message } });
  });

  it('whose driver is at fault says so in words', async () => {
    const failing = {
      platform: 'win32',
      open: () => Promise.reject(new Error('Opening COM3: Unknown error code 121')),
    } as const;
    await expect(openSerialPort('COM3', options, failing)).rejects.toThrow(
      /does not answer, as a Bluetooth port/,
    );
  });

  it.each([
    'Reading from COM port (GetOverlappedResult): Access denied',
    'Reading from COM port (ReadIOCompletion): Operation aborted',
    'Writing to COM port (WriteFileEx): Unknown error code 22',
    'Writing to COM port (GetOverlappedResult): Unknown error code 31',
    'Setting options on COM port (SetCommMask): Unknown error code 433',
    'Setting options on COM port (SetCommMask): Unknown error code 1167',
    'Update (GetCommState): File not found',
    'Update (GetCommState): Invalid handle',
  ])('that is unplugged on Windows is lost, whatever its driver says: %s', async (message) => {
    const device = new Device();
    const port = await openSerialPort('COM3', options, system(device, 'win32'));
    device.onSet = () => Promise.reject(new Error(message));
    await expect(port.setLines({ dtr: true })).rejects.toMatchObject({ code: 'port/lost', exitCode: 3 });
    device.onSet = () => Promise.resolve();
    await port.close();
  });

  it('that Windows refuses something is not lost', async () => {
    const device = new Device();
    const port = await openSerialPort('COM3', options, system(device, 'win32'));
    device.onSet = () =>
      Promise.reject(new Error('Setting options on COM port (SetCommMask): Unknown error code 1'));
    await expect(port.setLines({ dtr: true })).rejects.toMatchObject({ code: 'port/failed' });
    device.onSet = () => Promise.resolve();
    await port.close();
  });
});
