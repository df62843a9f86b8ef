import { Buffer } from 'node:buffer';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { UpywError, isUpywError } from '../../errors.js';
import type { RawChannel } from '../../rawrepl/raw-repl.js';
import { quoteBytes } from '../../transport/quote-bytes.js';
import { busyShare, busySign, endedSign } from '../helpers/helper-signs.js';
import { restartText } from '../restart-text.js';
import type { Block } from './upload-blocks.js';
import { stopBlock, windowBytes } from './upload-blocks.js';

/**
 * What device/helpers/receive.py says: besides these ACKs, from 0xA0 to 0xAF round and round. No bit of noise makes one of
 * another, and none is what programs print.
 */
/** The receiver listens for the beginning of a block; its number follows. */
export const receiverReadySign = 0x11;
const sign = {
  busy: busySign,
  ended: endedSign,
  done: 0x0e,
  ready: receiverReadySign,
  /** It makes, closes or renames a file, and may be silent for long. */
  filing: 0x12,
  refused: 0x15,
} as const;
const firstAck = 0xa0;
const ackTurns = 16;
const inflatesFlag = 0x40;
const doneBytes = 4;

export function isAck(byte: number): boolean {
  return byte >= firstAck && byte < firstAck + ackTurns;
}

/** Of the patience before: after so long without an answer to the probe the board is not there any more. */
const answerShare = 0.9;
/** Before it listens it looks at the files' places; littlefs may have to walk through all it has. */
const startMs = 4_000;
/** Of the patience for a receiver that makes, closes or renames a file: a littlefs that compacted took 1.4 s, and this is twice that. */
const filingShare = 2.8;
/** What a receiver that ends may take: it waits for quiet on the line, and removes its temporary file. */
const cleanUpMs = 1_900;
/** The receiver notices this and the silence behind it; a window alone may be what it waits to have filled. */
const probe = new Uint8Array(2 * windowBytes).fill(3);

/** Thrown when the receiver ends on its own: the exception that it raised follows. */
export class ReceiverEnded extends Error {}

export interface BlockListener {
  readonly signal?: AbortSignal | undefined;
  /** A board that misses bytes sits in a window: after so long without a sign it gets that filled, and asks anew. */
  readonly patienceMs: number;
  /** So many bytes of files are on the board, of those given to this sender. */
  onDelivered(doneBytes: number): void;
  /** A file is in its place; the beginning of its SHA-256. */
  onFinished(digest: Uint8Array): void;
  /** The receiver asked for a block once more. */
  onRepeat(): void;
}

/**
 * The host's half of the receiver's flow control: never more under way than the board's input ring holds, since what
 * overflows it is lost without a trace. Blocks are kept until the board has begun to take the next one, and sent again
 * when it asks for them. What a program prints from an interrupt is none of the signs and is skipped. The states and what
 * leads from one to the next: docs/protocol.md.
 */
export class BlockSender {
  readonly #channel: RawChannel;
  readonly #listener: BlockListener;
  readonly #inFlightWindows: number;
  /** The oldest is the last that the board is known to have begun; counts of windows begin with it. */
  #blocks: Block[] = [];
  #sentWindows = 0;
  #ackedWindows = 0;
  /** Which ACK the next window gets. */
  #turn = 0;
  #deliveredBytes = 0;
  #heardAt = performance.now();
  /** Of the last sign that it got further. */
  #advancedAt = performance.now();
  #isProbed = false;
  #isFiling = false;
  /** Since the time was up: bytes that were here already and are still to be looked at. */
  #backlogBytes: number | undefined;
  #state: 'starting' | 'receiving' | 'refused' | 'ended' = 'starting';

  constructor(channel: RawChannel, listener: BlockListener) {
    this.#channel = channel;
    this.#listener = listener;
    this.#inFlightWindows = Math.floor(channel.inFlightBytes / windowBytes);
  }

  /** Whether the board can inflate; told when it is ready. */
  inflates = false;

  /** Whether bytes were sent that the receiver may not have read: they reach the prompt behind it. */
  hasProbed = false;

  /** Resolves when the receiver has looked at the files' places, switched Ctrl-C off and listens. */
  async ready(): Promise<void> {
    while (this.#state === 'starting') await this.#hear(this.#listener.signal);
  }

  /** Returns when the last of the block has been handed to the wire, and all before it. */
  async send(block: Block): Promise<void> {
    this.#blocks.push(block);
    this.#hasHeard();
    await this.#sendAll(this.#listener.signal);
  }

  /** Resolves when the receiver's program has come to its end, whatever it asks for until then. */
  async ended(): Promise<void> {
    this.#hasHeard();
    try {
      for (;;) {
        await this.#hear(this.#listener.signal);
        await this.#sendAll(this.#listener.signal);
      }
    } catch (error) {
      if (!(error instanceof ReceiverEnded) || this.#state !== 'ended') throw error;
    }
  }

  /**
   * Brings the receiver to its end after a failure here, so that it removes its temporary file and gives Ctrl-C back.
   * `index` is that of the block that would be next. Throws `port/silent` when it does not answer.
   */
  async stop(index: number): Promise<void> {
    this.#hasHeard();
    try {
      while (this.#state === 'starting') await this.#hear(undefined);
      this.#blocks.push(stopBlock(index));
      for (;;) {
        await this.#sendAll(undefined);
        await this.#hear(undefined);
      }
    } catch (error) {
      if (!(error instanceof ReceiverEnded)) throw error;
    }
    await this.skipToEnd();
  }

  /** After `ReceiverEnded`: 0x04 and the exception are next to be read then. */
  async skipToEnd(): Promise<void> {
    if (this.#state === 'ended') return;
    const { reader } = this.#channel;
    const ended = Uint8Array.of(sign.ended);
    await reader.skipUntil(ended, { timeoutMs: cleanUpMs });
    reader.unread(ended);
  }

  async #sendAll(signal: AbortSignal | undefined): Promise<void> {
    const { reader, port } = this.#channel;
    while (this.#sentWindows < this.#totalWindows) {
      const freeWindows = this.#ackedWindows + this.#inFlightWindows - this.#sentWindows;
      if (freeWindows <= 0 || reader.bufferedBytes > 0) await this.#hear(signal);
      else {
        const bytes = this.#unsent(freeWindows * windowBytes);
        this.#sentWindows += bytes.length / windowBytes;
        await port.write(bytes);
      }
    }
  }

  get #totalWindows(): number {
    return this.#blocks.reduce((sum, { bytes }) => sum + bytes.length / windowBytes, 0);
  }

  #unsent(limitBytes: number): Uint8Array {
    let skipBytes = this.#sentWindows * windowBytes;
    const parts: Uint8Array[] = [];
    for (const { bytes } of this.#blocks) {
      if (skipBytes < bytes.length) parts.push(bytes.subarray(skipBytes));
      skipBytes = Math.max(0, skipBytes - bytes.length);
    }
    return new Uint8Array(Buffer.concat(parts).subarray(0, limitBytes));
  }

  /** Waits for one of the receiver's signs, and takes those behind it that are here already. */
  async #hear(signal: AbortSignal | undefined): Promise<void> {
    const byte = await this.#nextByte(signal);
    if (!this.#takeLifeSign(byte)) await this.#take(byte, signal);
    this.#channel.reader.takeWhile((next) => this.#takeLifeSign(next));
  }

  /** Whether it is one of those that come all the time. */
  #takeLifeSign(byte: number): boolean {
    if (isAck(byte)) this.#acknowledge(byte - firstAck);
    else if (byte === sign.busy || byte === sign.filing) this.#hearBusy(byte === sign.filing);
    return isAck(byte) || byte === sign.busy || byte === sign.filing;
  }

  /** It lives, but that alone does not count for ever. */
  #hearBusy(isFiling: boolean): void {
    const advancedAt = this.#advancedAt;
    if (performance.now() - advancedAt > busyShare * this.#listener.patienceMs) return;
    this.#hasHeard(isFiling);
    this.#advancedAt = advancedAt;
  }

  async #take(byte: number, signal: AbortSignal | undefined): Promise<void> {
    const { reader } = this.#channel;
    if (byte === sign.ready) this.#restartAt(await this.#nextByte(signal));
    else if (byte === sign.done) {
      this.#listener.onFinished(await reader.read(doneBytes, { timeoutMs: this.#patienceMs, signal }));
      this.#hasHeard(false);
    } else if (byte === sign.refused) {
      this.#state = 'refused';
      throw new ReceiverEnded();
    } else if (byte === sign.ended) {
      this.#state = 'ended';
      reader.unread(Uint8Array.of(sign.ended));
      throw new ReceiverEnded();
    } else if (restartText.test(Buffer.from(reader.tail).toString('latin1'))) {
      throw new UpywError('run/restarted', {});
    }
  }

  /** An ACK stands for all windows up to its own, so that one may be lost. */
  #acknowledge(turn: number): void {
    const count = 1 + ((turn - this.#turn + ackTurns) % ackTurns);
    if (this.#ackedWindows + count > this.#sentWindows) return;
    this.#hasHeard(false);
    this.#ackedWindows += count;
    this.#turn = (turn + 1) % ackTurns;
    for (let block = this.#blocks[0]; block !== undefined; block = this.#blocks[0]) {
      const windows = block.bytes.length / windowBytes;
      if (this.#ackedWindows >= windows) this.#deliver(block.doneBytes);
      if (this.#ackedWindows <= windows) return;
      // It has begun the next one, so this one was sound.
      this.#blocks.shift();
      this.#sentWindows -= windows;
      this.#ackedWindows -= windows;
    }
  }

  #deliver(bytes: number): void {
    if (bytes <= this.#deliveredBytes) return;
    this.#deliveredBytes = bytes;
    this.#listener.onDelivered(bytes);
  }

  /** The receiver says which block it takes next; nothing is under way to it any more. */
  #restartAt(answer: number): void {
    const number = answer & (inflatesFlag - 1);
    if (this.#state === 'starting') {
      this.#state = 'receiving';
      this.inflates = (answer & inflatesFlag) !== 0;
    }
    const at = this.#blocks.findIndex((block) => block.number === number);
    // None that it can mean: garbled.
    if (at < 0 && this.#blocks.length > 0) return;
    this.#hasHeard(false);
    if (this.#blocks.length > 0) this.#listener.onRepeat();
    this.#blocks.splice(0, at);
    this.#sentWindows = this.#ackedWindows = this.#turn = 0;
  }

  /** The next byte, with a probe after a while without a sign; what else is printed meanwhile is no sign of life. */
  async #nextByte(signal: AbortSignal | undefined): Promise<number> {
    const { reader, port } = this.#channel;
    for (;;) {
      const leftMs = this.#heardAt + this.#patienceMs - performance.now();
      if (leftMs > 0 || (this.#backlogBytes ?? 0) > 0) {
        const timeoutMs = Math.max(1, leftMs);
        const read = await reader.read(1, { timeoutMs, signal }).catch((error: unknown) => {
          if (!isUpywError(error, 'port/silent')) throw error;
        });
        if (leftMs <= 0) this.#backlogBytes = (this.#backlogBytes ?? 0) - 1;
        if (read?.[0] !== undefined) return read[0];
      } else if (this.#backlogBytes === undefined) {
        // What came while this computer was busy, or asleep, is looked at before the board is called silent.
        await nextTurn();
        this.#backlogBytes = reader.bufferedBytes;
      } else if (this.#state === 'receiving' && !this.#isProbed) {
        this.#isProbed = this.hasProbed = true;
        this.#backlogBytes = undefined;
        await port.write(probe);
      } else {
        const lastBytes = quoteBytes(reader.tail);
        throw new UpywError('port/silent', { port: port.name, waitedMs: this.#patienceMs, lastBytes });
      }
    }
  }

  get #patienceMs(): number {
    if (this.#state === 'starting') return startMs;
    return (
      this.#listener.patienceMs * ((this.#isFiling ? filingShare : 1) + (this.#isProbed ? answerShare : 0))
    );
  }

  #hasHeard(isFiling = this.#isFiling): void {
    this.#heardAt = this.#advancedAt = performance.now();
    this.#isFiling = isFiling;
    this.#isProbed = false;
    this.#backlogBytes = undefined;
  }
}
