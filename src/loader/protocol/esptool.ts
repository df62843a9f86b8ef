import { ESPLoader, Transport, UnsupportedCommandError } from 'esptool-js';
import type { ROM } from 'esptool-js';
import { isUpywError, UpywError } from '../../errors.js';
import { isLineTrouble, op, packRequest, parseReply, refusedError } from './commands.js';
import type { Reply } from './commands.js';
import type { FrameChannel } from './frame-channel.js';

/** For commands that take the chip no time; the longest of them is half a second on the wire. */
const answerTimeoutMs = 1500;

/** A stub that starts says so within some 20 ms. */
const greetingTimeoutMs = 1000;

/** Methods that esptool-js's declarations call private; its version is pinned. */
interface EsptoolInternals {
  syncStubDetected: boolean;
  identifyChip(): Promise<ROM>;
  identifyChipByMagic(): Promise<ROM>;
  applyDetectedChip(chip: ROM): void;
}

/** Second status byte with which the ROM answers a command it does not know. */
const romUnknownCommand = 0x05;

/**
 * Commands that may be sent again when their answer did not arrive whole. Should a piece of a stub be refused the second time
 * because it had arrived, the upload begins anew.
 */
const repeatable = new Set<number>([
  op.readReg,
  op.writeReg,
  op.spiSetParams,
  op.spiAttach,
  op.readFlashSlow,
  op.memBegin,
  op.memData,
]);

/** `07 07 12 20` and 32 × `55`, by which the ROM also measures the baud rate. */
const syncData = Uint8Array.from([0x07, 0x07, 0x12, 0x20, ...new Array<number>(32).fill(0x55)]);

/**
 * esptool-js's way to a port, over ours: its own polls every millisecond, decodes byte by byte, prints, forgets
 * the state of DTR and opens and closes web streams. Only what the rest of esptool-js calls is replaced.
 */
class ChannelTransport extends Transport {
  readonly #channel: FrameChannel;

  constructor(channel: FrameChannel) {
    // The device is never used: everything that would is overridden.
    super({ getInfo: () => ({}) });
    this.#channel = channel;
  }

  override getInfo(): string {
    return '';
  }

  override getVid(): number | undefined {
    const { usb } = this.#channel.port;
    return usb === undefined ? undefined : parseInt(usb.vendorId, 16);
  }

  override getPid(): number | undefined {
    const { usb } = this.#channel.port;
    return usb === undefined ? undefined : parseInt(usb.productId, 16);
  }

  override trace(): void {
    // The port's own trace (--trace) shows more.
  }

  override async write(payload: Uint8Array): Promise<void> {
    await this.#channel.send(payload);
  }

  /** Only called to wait for the greeting of a stub that starts; what else is on the line is passed over. */
  override async read(timeoutMs: number): Promise<Uint8Array> {
    const deadlineMs = performance.now() + Math.min(timeoutMs, greetingTimeoutMs);
    for (;;) {
      const frame = await this.#channel.receive(Math.max(1, deadlineMs - performance.now()));
      if (frame.length === 4 && String.fromCharCode(...frame) === 'OHAI') return frame;
    }
  }

  override flushInput(): void {
    this.#channel.flush();
  }

  override async drainInput(quietMs = 50, maxMs = 400): Promise<void> {
    await this.#channel.drain(quietMs, maxMs);
  }
}

/**
 * The one place where esptool-js is used: its chip targets, its stubs and its command sequences. Under them this class puts
 * a command layer of its own with one deadline for each command, one command at a time, and typed errors.
 */
export class Esptool extends ESPLoader {
  readonly channel: FrameChannel;
  /** Serializes commands: a second one waits for the answer to the first. */
  #last: Promise<unknown> = Promise.resolve();
  /** Registers that do not change, while set. */
  #registers: Map<number, number> | undefined;

  constructor(channel: FrameChannel) {
    const silent = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };
    super({ transport: new ChannelTransport(channel), baudrate: 115200, terminal: silent });
    this.channel = channel;
    this.transport.baudrate = channel.port.baudRate;
    this.DEFAULT_TIMEOUT = answerTimeoutMs;
  }

  get #internals(): EsptoolInternals {
    return this as unknown as EsptoolInternals;
  }

  /** Whether the last `sync` was answered by a stub: another program left it running. */
  get stubAnswered(): boolean {
    return this.#internals.syncStubDetected;
  }

  /**
   * Asks whether a loader listens. It answers eight times, so that its rate can be measured; a stub puts a 0 where the ROM
   * puts what it read. Unlike esptool-js's `sync` it says no by `false` and does not insist on all eight.
   */
  async trySync(timeoutMs: number): Promise<boolean> {
    this.channel.flush();
    await this.channel.send(packRequest(op.sync, syncData));
    const first = await this.#receiveSync(timeoutMs);
    if (first === undefined) return false;
    let stub = first === 0;
    for (let answers = 1; answers < 8; answers++) {
      const next = await this.#receiveSync(60);
      if (next === undefined) break;
      stub &&= next === 0;
    }
    this.#internals.syncStubDetected = stub;
    await this.channel.drain(20, 400);
    return true;
  }

  /** Finds out which chip answers, and keeps its target. Throws `loader/unknown-chip`. */
  async identify(): Promise<ROM> {
    try {
      const chip = await this.#internals.identifyChip().catch((error: unknown) => {
        // A stub that is running already refuses the question for the chip's id instead of not knowing it.
        if (isUpywError(error, 'loader/refused')) return this.#internals.identifyChipByMagic();
        throw error;
      });
      this.#internals.applyDetectedChip(chip);
      return chip;
    } catch (error) {
      if (error instanceof UpywError) throw error;
      const { port } = this.channel;
      const found = error instanceof Error ? error.message : String(error);
      throw new UpywError('loader/unknown-chip', { port: port.name, found }, { cause: error });
    }
  }

  /** Reads each register only once while `action` runs: the descriptions of a chip ask for the same fuses again and again. */
  async withRegisterCache<Result>(action: () => Promise<Result>): Promise<Result> {
    const outer = this.#registers;
    this.#registers = outer ?? new Map<number, number>();
    try {
      return await action();
    } finally {
      this.#registers = outer;
    }
  }

  override async readReg(address: number, timeoutMs = this.DEFAULT_TIMEOUT): Promise<number> {
    const known = this.#registers?.get(address);
    if (known !== undefined) return known;
    const data = new Uint8Array(4);
    new DataView(data.buffer).setUint32(0, address, true);
    const value = (await this.checkCommand('read a register', op.readReg, data, 0, 0, timeoutMs)) as number;
    this.#registers?.set(address, value);
    return value;
  }

  /** Sends a command and waits for its answer; the status is the caller's to look at. */
  override async command(
    command: number | null = null,
    data: Uint8Array = new Uint8Array(0),
    checksum = 0,
    waitResponse = true,
    timeoutMs = this.DEFAULT_TIMEOUT,
  ): Promise<[number, Uint8Array]> {
    const turn = this.#last.then(() => this.#exchange(command, data, checksum, waitResponse, timeoutMs));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** The next answer to `command` (any, when null) before the deadline. What is no answer is passed over. */
  override async readPacket(
    command: number | null = null,
    timeoutMs = this.DEFAULT_TIMEOUT,
  ): Promise<[number, Uint8Array]> {
    const { value, body } = await this.receiveReply(command, timeoutMs);
    return [value | 0, body];
  }

  /**
   * Sends a command and takes its status for what it is. Resolves to the answer's data, or to its value where none is
   * expected. Throws `loader/refused`, or esptool-js's own error for a command that the ROM does not know: its
   * identification of chips asks for that.
   */
  override async checkCommand(
    description = '',
    command: number | null = null,
    data: Uint8Array = new Uint8Array(0),
    checksum = 0,
    dataLength = 0,
    timeoutMs = this.DEFAULT_TIMEOUT,
  ): Promise<number | Uint8Array> {
    for (let tries = command !== null && repeatable.has(command) ? 3 : 1; ; tries--) {
      try {
        return await this.#checkOnce(description, command, data, checksum, dataLength, timeoutMs);
      } catch (error) {
        if (tries <= 1 || !isLineTrouble(error)) throw error;
        await this.channel.drain(30, 400);
      }
    }
  }

  async #checkOnce(
    description: string,
    command: number | null,
    data: Uint8Array,
    checksum: number,
    dataLength: number,
    timeoutMs: number,
  ): Promise<number | Uint8Array> {
    const [value, body] = await this.command(command, data, checksum, true, timeoutMs);
    const hasData = body.length >= dataLength + 2;
    const statusAt = hasData ? dataLength : 0;
    const status0 = body[statusAt] ?? 0xff;
    if (status0 !== 0 || !hasData) {
      throw refusedError({ command: command ?? 0, description, status0, status1: body[statusAt + 1] ?? 0 });
    }
    return dataLength > 0 ? body.slice(0, dataLength) : value;
  }

  /** As {@link readPacket}, before esptool-js's shape is put on it. */
  async receiveReply(command: number | null, timeoutMs: number): Promise<Reply> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const leftMs = Math.max(1, deadlineMs - performance.now());
      const reply = parseReply(await this.channel.receive(leftMs));
      if (reply === undefined) continue;
      if (command === null || reply.command === command) return reply;
      // The ROM answers a command that it does not know under the number of the one before, several times.
      // Only one is asked that it may not know; to any other such an answer is a late one, to something garbled.
      if (command === op.getSecurityInfo && reply.body[0] === 1 && reply.body[1] === romUnknownCommand) {
        await this.channel.drain(50, 400);
        throw new UnsupportedCommandError();
      }
    }
  }

  async #receiveSync(timeoutMs: number): Promise<number | undefined> {
    try {
      return (await this.receiveReply(op.sync, timeoutMs)).value;
    } catch (error) {
      if (isUpywError(error, 'loader/silent') || error instanceof UnsupportedCommandError) return undefined;
      throw error;
    }
  }

  async #exchange(
    command: number | null,
    data: Uint8Array,
    checksum: number,
    waitResponse: boolean,
    timeoutMs: number,
  ): Promise<[number, Uint8Array]> {
    if (command !== null) {
      this.channel.flush();
      await this.channel.send(packRequest(command, data, checksum));
    }
    return waitResponse ? this.readPacket(command, timeoutMs) : [0, new Uint8Array(0)];
  }
}
