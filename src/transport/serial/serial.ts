import { Buffer } from 'node:buffer';
import { SerialPort } from 'serialport';
import { UpywError } from '../../errors.js';
import { succeedsWithin, withDeadline } from '../deadline.js';
import { prepareDeviceWatch, type DeviceWatch } from './device-watch.js';
import { findUsbIdentity, macCallout } from './list-ports.js';
import { throwIfInterrupted } from '../interrupt.js';
import { PortListeners } from '../port-listeners.js';
import { PortWriter } from '../port-writer.js';
import { nativeUsb } from '../native-usb.js';
import type { OpenOptions, Port, PortLines, UsbIdentity } from '../port.js';
import { serialIoError, serialOpenError } from './serial-errors.js';
import { SerialLines } from './serial-lines.js';

/** serialport without its stream: promises, and no buffering of its own. */
type Device = Awaited<ReturnType<typeof SerialPort.binding.open>>;

/** What is asked of the operating system; tests bring their own. */
export interface SerialSystem {
  readonly platform: NodeJS.Platform;
  open(options: { path: string; baudRate: number; hupcl: boolean }): Promise<Device>;
}

const thisSystem: SerialSystem = {
  platform: process.platform,
  open: (options) => SerialPort.binding.open(options),
};

/** A Bluetooth COM port whose device is away takes seconds to say so; nothing takes longer than this. */
const openTimeoutMs = 10_000;
/** A full buffer of 4 KiB at 115200 baud is gone after 0.36 s. */
const drainOnCloseMs = 500;
const closeStepMs = 500;
const drainTimeoutMs = 15_000;
const readBlockBytes = 65_536;

/**
 * Opens a serial device with both lines released, so that a board neither resets nor stays in its loader.
 * Throws `port/not-found`, `port/busy`, `port/permission`, `port/failed`, `usage/bad-port` or `run/interrupted`.
 */
export async function openSerialPort(
  name: string,
  options: OpenOptions,
  system: SerialSystem = thisSystem,
): Promise<Port> {
  const { baudRate, signal } = options;
  const path = macCallout(name, system.platform);
  throwIfInterrupted(signal);
  const identifying = findUsbIdentity(path).catch(() => undefined);
  const watch = await prepareDeviceWatch(path);
  const device = await openDevice(path, options, system);
  try {
    const lines = new SerialLines(device, system.platform);
    const hasLines = await lines.release();
    const usb = await identifying;
    throwIfInterrupted(signal);
    return new SerialDevicePort(path, device, { baudRate, usb, watch, lines: hasLines ? lines : undefined });
  } catch (error) {
    await succeedsWithin(device.close(), closeStepMs);
    throw serialIoError(path, error);
  }
}

async function openDevice(
  path: string,
  { baudRate, signal }: OpenOptions,
  system: SerialSystem,
): Promise<Device> {
  // On Windows hupcl decides how DTR stands right after opening (`serialport_win.cpp`): off is what a board needs.
  const opening = system.open({ path, baudRate, hupcl: system.platform !== 'win32' });
  try {
    return await withDeadline(opening, openTimeoutMs, () => new Error('it does not open'), signal);
  } catch (error) {
    opening.then((late) => late.close()).catch(() => undefined);
    throw await serialOpenError(path, error);
  }
}

class SerialDevicePort implements Port {
  readonly name: string;
  readonly kind = 'serial';
  readonly capabilities: Port['capabilities'];
  readonly usb?: UsbIdentity;
  readonly #device: Device;
  readonly #listeners = new PortListeners();
  readonly #writer: PortWriter;
  readonly #lines: SerialLines | undefined;
  readonly #stopWatching: () => void;
  #baudRate: number;
  #closing: Promise<void> | undefined;

  constructor(
    path: string,
    device: Device,
    setup: {
      baudRate: number;
      usb: UsbIdentity | undefined;
      lines: SerialLines | undefined;
      watch: DeviceWatch;
    },
  ) {
    this.name = path;
    this.#device = device;
    this.#baudRate = setup.baudRate;
    this.#lines = setup.lines;
    this.capabilities = { lines: setup.lines !== undefined, baudRate: true };
    if (setup.usb !== undefined) this.usb = setup.usb;
    this.#writer = new PortWriter(this, this.#listeners, (piece) => this.#send(piece));
    this.#stopWatching = setup.watch(() => {
      this.#lose(new Error(`${path} went away`));
    });
    void this.#readOn();
  }

  get baudRate(): number {
    return this.#baudRate;
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#writer.write(bytes);
  }

  drain(): Promise<void> {
    return this.#writer.run(() => this.#drainDevice());
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#writer.run(async () => {
      // `update` throws away what the system still holds, in both directions.
      await this.#drainDevice();
      await this.#ask(() => this.#device.update({ baudRate }));
      this.#baudRate = baudRate;
    });
  }

  async setLines(lines: Partial<PortLines>): Promise<void> {
    const mine = this.#lines;
    if (mine === undefined) throw new UpywError('port/no-lines', { port: this.name });
    if (this.#listeners.closed) throw this.#listeners.lostError(this.name);
    await this.#ask(() => mine.set(lines));
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#shutDown());
  }

  async #shutDown(): Promise<void> {
    this.#stopWatching();
    const written = await this.#writer.finish();
    this.#listeners.end();
    const drained = written && (await succeedsWithin(this.#device.drain(), drainOnCloseMs));
    // The system would hold the port until the rest has left (up to 30 s on Linux).
    if (!drained) await succeedsWithin(this.#device.flush(), closeStepMs);
    if (this.#lines !== undefined) await succeedsWithin(this.#lines.release(), closeStepMs);
    await succeedsWithin(this.#device.close(), closeStepMs);
  }

  async #readOn(): Promise<void> {
    const block = Buffer.allocUnsafe(readBlockBytes);
    for (;;) {
      let count: number;
      try {
        count = (await this.#device.read(block, 0, block.length)).bytesRead;
      } catch (error) {
        this.#lose(error);
        return;
      }
      this.#listeners.deliver(new Uint8Array(block.subarray(0, count)));
    }
  }

  async #send(piece: Uint8Array): Promise<void> {
    try {
      await this.#device.write(Buffer.from(piece.buffer, piece.byteOffset, piece.length));
    } catch (error) {
      throw this.#lose(error);
    }
  }

  #drainDevice(): Promise<void> {
    return withDeadline(
      this.#ask(() => this.#device.drain()),
      drainTimeoutMs,
      () => new UpywError('port/failed', { port: this.name, reason: 'it takes no more data' }),
    );
  }

  async #ask(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      throw serialIoError(this.name, error);
    }
  }

  /** Ends the port because the device is gone; the error is for whoever was using it. */
  #lose(cause: unknown): Error {
    const error = new UpywError('port/lost', { port: this.name, ...nativeUsb(this) }, { cause });
    this.#listeners.end(error);
    void this.close();
    return error;
  }
}
