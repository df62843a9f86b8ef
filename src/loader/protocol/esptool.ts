import { ESPLoader, Transport, UnsupportedCommandError } from 'esptool-js';
import { UpywError, isUpywError } from '../../errors.js';
import type { ChipDescription } from '../chip-facts.js';
import type { ChipLibrary, SecurityFuses } from './chip-library.js';
import { type CommandLayer, UnknownCommand } from './command-layer.js';
import { op } from './commands.js';

/** A stub that starts says so within some 20 ms. */
const greetingTimeoutMs = 1000;
/** The first word of a stub. */
const greeting = 'OHAI';
const romBaudRate = 115_200;
/** GET_SECURITY_INFO of the ESP32-S2, and the last that esptool-js tries: 12 bytes, where later chips answer 20. */
const shortSecurityBytes = 12;
/** What esptool-js takes a ROM's answer to SYNC by: any value but a stub's 0. */
const romSyncValue = 1;

/**
 * esptool-js's way to a port, over ours: its own polls every millisecond, decodes byte by byte, prints, forgets
 * the state of DTR and opens and closes web streams. Only what the rest of esptool-js calls is replaced.
 */
function transportOver({ channel }: CommandLayer): Transport {
  // The device is never used: everything that would is replaced.
  const transport = new Transport({ getInfo: () => ({}) });
  const { port } = channel;
  const idOf = (hex: string | undefined) => (hex === undefined ? undefined : parseInt(hex, 16));
  transport.baudrate = port.baudRate;
  return Object.assign(transport, {
    // The port is open, and read by its channel.
    connect: () => Promise.resolve(),
    readLoop: () => Promise.resolve(),
    disconnect: () => Promise.resolve(),
    peek: () => new Uint8Array(0),
    getInfo: () => '',
    getVid: () => idOf(port.usb?.vendorId),
    getPid: () => idOf(port.usb?.productId),
    // The port's own trace (--trace) shows more.
    trace: () => undefined,
    write: (payload: Uint8Array) => channel.send(payload),
    read: (timeoutMs: number) => receiveGreeting(channel, timeoutMs),
    flushInput: () => {
      channel.flush();
    },
  } satisfies Partial<Transport>);
}

/** Only called to wait for the greeting of a stub that starts; what else is on the line is passed over. */
async function receiveGreeting(channel: CommandLayer['channel'], timeoutMs: number): Promise<Uint8Array> {
  const deadlineMs = performance.now() + Math.min(timeoutMs, greetingTimeoutMs);
  for (;;) {
    const frame = await channel.receive(Math.max(1, deadlineMs - performance.now()));
    if (frame.length === greeting.length && String.fromCharCode(...frame) === greeting) return frame;
  }
}

/** An ESPLoader whose commands are ours: replaced are the methods by which all of its sequences speak to a chip. */
function loaderOver(commands: CommandLayer): ESPLoader {
  const silent = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };
  const loader = new ESPLoader({
    transport: transportOver(commands),
    baudrate: romBaudRate,
    terminal: silent,
  });
  // It was asked before, more patiently: what it asks again is answered from that.
  const syncReply = (): [number, Uint8Array] => [commands.stubAnswered ? 0 : romSyncValue, new Uint8Array(0)];
  return Object.assign(loader, {
    command: async (code, body, checksum, waits = true, timeoutMs) => {
      if (code === op.sync) return syncReply();
      const command = given({ op: codeOf(code), body, checksum, timeoutMs });
      if (!waits) await commands.send(command);
      const reply = waits ? await commands.exchange(command) : undefined;
      return [(reply?.value ?? 0) | 0, reply?.body ?? new Uint8Array(0)];
    },
    readPacket: async (code = null, timeoutMs) => {
      if (code === op.sync) return syncReply();
      const { value, body } = await commands.receiveReply(code, timeoutMs);
      return [value | 0, body];
    },
    checkCommand: async (doing, code, body, checksum, dataLength, timeoutMs) => {
      const command = given({ op: codeOf(code), doing, body, checksum, dataLength, timeoutMs });
      return commands.check(command).catch((error: unknown) => {
        throw isUnknown(error, command) ? new UnsupportedCommandError() : error;
      });
    },
    readReg: (address, timeoutMs) => commands.readReg(address, timeoutMs),
  } satisfies Partial<ESPLoader>);
}

/** A command has a number, though esptool-js's declarations let it be left out. */
function codeOf(code: number | null | undefined): number {
  if (typeof code !== 'number') throw new TypeError('a command without a number');
  return code;
}

/** Without what was left out. */
function given<Values extends object>(
  values: Values,
): { [Key in keyof Values]: Exclude<Values[Key], undefined> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Key in keyof Values]: Exclude<Values[Key], undefined> };
}

/** The ROM does not know a question, or a stub that runs already refuses it: esptool-js then asks in another way. */
function isUnknown(error: unknown, command: { readonly op: number; readonly dataLength?: number }): boolean {
  if (error instanceof UnknownCommand) return true;
  const isLast = command.op === op.getSecurityInfo && command.dataLength === shortSecurityBytes;
  return isLast && isUpywError(error, 'loader/refused');
}

/** The one place where esptool-js is used: for its chip targets, its stubs and its command sequences, by its public methods. */
export class Esptool implements ChipLibrary {
  readonly #commands: CommandLayer;
  readonly #loader: ESPLoader;

  constructor(commands: CommandLayer) {
    this.#commands = commands;
    this.#loader = loaderOver(commands);
  }

  async identify(): Promise<void> {
    try {
      await this.#loader.connect('no_reset', 1);
    } catch (error) {
      if (error instanceof UpywError) throw error;
      const { port } = this.#commands.channel;
      const found = error instanceof Error ? error.message : String(error);
      throw new UpywError('loader/unknown-chip', { port: port.name, found }, { cause: error });
    }
  }

  get chipName(): string {
    return this.#loader.chip.CHIP_NAME;
  }

  get isInSecureDownloadMode(): boolean {
    return this.#loader.secureDownloadMode;
  }

  get stubRuns(): boolean {
    return this.#loader.IS_STUB;
  }

  get stubBlockBytes(): number {
    return this.#loader.FLASH_WRITE_SIZE;
  }

  get romBlockBytes(): number {
    return this.#loader.chip.FLASH_WRITE_SIZE;
  }

  get steadyRegister(): number {
    return this.#loader.CHIP_DETECT_MAGIC_REG_ADDR;
  }

  readMac(): Promise<string> {
    return this.#loader.chip.readMac(this.#loader);
  }

  async readRevision(): Promise<number | undefined> {
    return this.#loader.chip.getChipRevision?.(this.#loader);
  }

  async describe(): Promise<ChipDescription> {
    const { chip } = this.#loader;
    return {
      model: await chip.getChipDescription(this.#loader),
      features: (await chip.getChipFeatures(this.#loader)).map((feature) => feature.trim()),
      crystalMhz: await chip.getCrystalFreq(this.#atItsRate()),
    };
  }

  async readSecurity(): Promise<SecurityFuses> {
    const { flashCryptCnt, parsedFlags } = await this.#loader.getSecurityInfo();
    return { flashCryptCount: flashCryptCnt, secureBoot: parsedFlags.SECURE_BOOT_EN };
  }

  readFlashId(): Promise<number> {
    return this.#loader.readFlashId();
  }

  flashSizeBytes(code: number): number | undefined {
    const text = this.#loader.DETECTED_FLASH_SIZES[code];
    return text === undefined ? undefined : parseInt(text, 10) * (text.endsWith('KB') ? 1024 : 0x100000);
  }

  async prepare(): Promise<void> {
    await this.#loader.chip.postConnect?.(this.#loader);
  }

  restarted(): void {
    this.#loader.IS_STUB = false;
  }

  async startStub(pieceBytes: number): Promise<boolean> {
    const loader = this.#atItsRate();
    loader.ESP_RAM_BLOCK = pieceBytes;
    // Has it learn whether a stub answers.
    await loader.sync();
    await this.#commands.withRegisterCache(() => loader.runStub());
    return loader.IS_STUB;
  }

  /** The ESP32's crystal is found out by the rate that its ROM has measured. */
  #atItsRate(): ESPLoader {
    this.#loader.transport.baudrate = this.#commands.channel.port.baudRate;
    return this.#loader;
  }
}
