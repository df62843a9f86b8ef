import { UpywError } from '../errors.js';
import type { Port } from '../transport/port.js';
import { playLines } from '../transport/reset-lines.js';
import { resetSequence } from '../transport/reset-sequences.js';
import { raiseBaudRate } from './protocol/baud-rate.js';
import { type Reply, isLineTrouble } from './protocol/commands.js';
import type { ChipDescription, ChipIdentity, FlashChip } from './chip-facts.js';
import { describeChip, identifyChip } from './chip-identity.js';
import { enterLoader } from './protocol/enter-loader.js';
import type { ChipLink } from './protocol/chip-link.js';
import { CommandLayer } from './protocol/command-layer.js';
import { Esptool } from './protocol/esptool.js';
import { attachFlash } from './flash-chip.js';
import { FrameChannel } from './protocol/frame-channel.js';
import { quiet } from './protocol/quiet.js';
import type { LoaderOptions } from './loader-options.js';

const defaultBaudRate = 921_600;
const romBaudRate = 115_200;

/** More troubles than this within that time, and the rate is too high for the line. */
const toleratedTroubles = 2;
const troubleWindowMs = 15_000;
/** The end of the first SYNC ends a frame that was cut off; the second is heard, and the third is for one that was disturbed. */
const recoverySyncs = 3;
const recoverySyncMs = 200;

/** What a stub takes at once (esp-flasher-stub, its frame buffer), and what is small enough for any line. */
const mostBlockBytes = 0x4000;
const leastBlockBytes = 0x400;
/** How a stub is uploaded: what the ROM takes at once (esptool-js, `ESP_RAM_BLOCK`), then what has better chances on a bad line. */
const stubPiecesBytes = [0x1800, 0x400];

interface RequestOptions {
  /** Of the data in the answer. */
  readonly dataLength?: number;
  readonly timeoutMs?: number;
}

/**
 * A chip in its serial loader. Made by `connectLoader`; the operations of this folder take it.
 * Not for two operations at a time.
 */
export class Loader {
  readonly port: Port;
  readonly channel: FrameChannel;
  readonly #link: ChipLink;
  readonly options: LoaderOptions;
  #chip: ChipIdentity | undefined;
  #flash: FlashChip | undefined;
  #description: ChipDescription | undefined;
  /** The highest rate to try from now on. */
  #rateLimit: number;
  /** The largest piece to send at once: smaller ones get through where the line is bad. */
  #blockLimitBytes = mostBlockBytes;
  /** It did not start once: it is not tried again. */
  #stubFailed = false;
  /** When the line last made trouble, in `performance.now()` time. */
  #troubleTimesMs: readonly number[] = [];

  private constructor(port: Port, options: LoaderOptions) {
    this.port = port;
    this.options = options;
    this.channel = new FrameChannel(port, options.signal);
    const commands = new CommandLayer(this.channel);
    this.#link = { commands, library: new Esptool(commands) };
    this.#rateLimit = options.baudRate ?? defaultBaudRate;
  }

  /** As `connectLoader`. */
  static async connect(port: Port, options: LoaderOptions): Promise<Loader> {
    const loader = new Loader(port, options);
    try {
      await loader.#establish(true);
      return loader;
    } catch (error) {
      loader.channel.dispose();
      throw error;
    }
  }

  get chip(): ChipIdentity {
    return required(this.#chip);
  }

  get flash(): FlashChip {
    return required(this.#flash);
  }

  /** Model, features and crystal, as the chip told them before a stub changed its clocks. */
  get description(): ChipDescription {
    return required(this.#description);
  }

  /** Whether a stub runs; without it erasing is coarser, reading slow, and everything at 64 or 1024 bytes a time. */
  get stub(): boolean {
    return this.#link.library.stubRuns;
  }

  /** How much data goes into one command; a stub gets it compressed. */
  get blockSizeBytes(): number {
    const { stubBlockBytes, romBlockBytes } = this.#link.library;
    return this.stub ? Math.min(this.#blockLimitBytes, stubBlockBytes) : romBlockBytes;
  }

  /**
   * Sends a command and waits for its answer: the data in it, or its value where `dataLength` is 0. Throws `loader/refused`,
   * `loader/silent`.
   */
  request(command: number, body: Uint8Array, options: RequestOptions = {}): Promise<Uint8Array | number> {
    return this.#link.commands.check({ op: command, body, ...options });
  }

  /** The next answer to a command that was sent by other means. Its status is the caller's to look at. */
  receiveReply(command: number, timeoutMs: number): Promise<Reply> {
    return this.#link.commands.receiveReply(command, timeoutMs);
  }

  /** Asks whether the loader still listens. */
  answers(timeoutMs: number): Promise<boolean> {
    return this.#link.commands.trySync(timeoutMs);
  }

  /** Throws `loader/protected` for a chip that would not start what we write, and could not be brought back. */
  requireUnlocked(): void {
    const { lock } = this.chip;
    if (lock !== undefined) throw new UpywError('loader/protected', { what: lock });
  }

  /** Runs `action` with `signal` ending its waits, besides what the loader was connected with. */
  async withSignal<Result>(signal: AbortSignal | undefined, action: () => Promise<Result>): Promise<Result> {
    if (signal === undefined) return action();
    const before = this.channel.signal;
    this.channel.signal = before === undefined ? signal : AbortSignal.any([before, signal]);
    try {
      this.channel.check();
      return await action();
    } finally {
      this.channel.signal = before;
    }
  }

  /**
   * Gets the loader to answer again after line trouble: by asking, else by a reset. Trouble after trouble halves the baud rate.
   * Throws what `connect` throws when nothing helps.
   */
  async recover(): Promise<void> {
    this.channel.check();
    const nowMs = performance.now();
    this.#troubleTimesMs = [
      ...this.#troubleTimesMs.filter((timeMs) => nowMs - timeMs < troubleWindowMs),
      nowMs,
    ];
    this.#blockLimitBytes = Math.max(leastBlockBytes, this.#blockLimitBytes >> 1);
    await this.channel.drain(quiet.beforeRecovery);
    if (this.#troubleTimesMs.length <= toleratedTroubles) {
      for (let tries = 0; tries < recoverySyncs; tries++) if (await this.answers(recoverySyncMs)) return;
    } else {
      this.#lowerRate();
    }
    await this.#establish(false);
  }

  #lowerRate(): void {
    this.#troubleTimesMs = [];
    const before = this.port.baudRate;
    this.#rateLimit = Math.min(this.#rateLimit, before) >> 1;
    if (before <= romBaudRate) return;
    const rate = Math.max(this.#rateLimit, romBaudRate);
    this.options.onNotice?.(`the line is disturbed; going on at ${rate} baud`);
  }

  /** Restarts the board into its firmware, and lets go of the port. */
  async leave(): Promise<void> {
    try {
      if (this.port.capabilities.baudRate) await this.port.setBaudRate(romBaudRate);
      if (this.port.capabilities.lines) {
        await playLines(this.port, resetSequence(this.port));
      }
    } finally {
      this.dispose();
    }
  }

  /** Lets go of the port and leaves the chip as it is. */
  dispose(): void {
    this.channel.dispose();
  }

  async #establish(first: boolean): Promise<void> {
    const { options } = this;
    const link = this.#link;
    await enterLoader(link, options);
    if (first) {
      this.#chip = await identifyChip(link);
      this.#description = await describeChip(link);
    }
    await link.library.prepare();
    await this.#startStub();
    const notice = options.onNotice ?? (() => undefined);
    await raiseBaudRate(link, { aim: this.#rateLimit, notice, restart: () => this.#restart() });
    this.#flash = await attachFlash(link);
  }

  async #restart(): Promise<void> {
    await enterLoader(this.#link, this.options);
    await this.#startStub();
  }

  /** Uploads the stub. When it does not start it goes on without, and says so. */
  async #startStub(): Promise<void> {
    const { options } = this;
    const { commands, library } = this.#link;
    if ((options.stub === false || this.#stubFailed) && !commands.stubAnswered) return;
    for (const pieceBytes of stubPiecesBytes) {
      try {
        if (await library.startStub(pieceBytes)) return;
      } catch (error) {
        if (!isLineTrouble(error)) throw error;
        await enterLoader(this.#link, options);
      }
    }
    this.#stubFailed = true;
    options.onNotice?.('the stub does not start on this chip; going on without it, which is slower');
  }
}

function required<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('the loader is not connected');
  return value;
}
