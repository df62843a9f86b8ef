import { isUpywError } from '../../errors.js';
import { isLineTrouble, op, packRequest, packWords, parseReply, refusedError } from './commands.js';
import type { Reply } from './commands.js';
import type { FrameChannel } from './frame-channel.js';
import { quiet } from './quiet.js';

/** For commands that take the chip no time; the longest of them is half a second on the wire. */
const answerTimeoutMs = 1500;
/**
 * For each of the further answers to one SYNC. They are 1.2 ms apart at 115200 baud, and a USB adapter holds bytes back for
 * 16 ms (FTDI, AN232B-04, "latency timer").
 */
const syncFollowsMs = 60;
/** SYNC is answered so often (Espressif, "Serial Protocol", "Initial Synchronisation"). */
const syncAnswers = 8;
/** A command that may be repeated is sent so often. */
const mostTries = 3;

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

/** A command and how its answer is waited for. */
export interface Command {
  readonly op: number;
  readonly body?: Uint8Array;
  readonly checksum?: number;
  readonly timeoutMs?: number;
}

/** A command of which the answer's status is looked at. */
export interface CheckedCommand extends Command {
  /** Of the data in the answer, in bytes; 0: its value is the answer. */
  readonly dataLength?: number;
  /** What is tried, where `commands.ts` has no words for it. */
  readonly doing?: string;
}

/** The ROM does not know a command. Only one is asked that it may not know. */
export class UnknownCommand extends Error {
  override readonly name = 'UnknownCommand';
}

/** Commands to a loader: one deadline for each, one at a time, typed errors. Not for two operations at a time. */
export class CommandLayer {
  readonly channel: FrameChannel;
  /** Serializes commands: a second one waits for the answer to the first. */
  #last: Promise<unknown> = Promise.resolve();
  /** Registers that do not change, while set. */
  #registers: Map<number, number> | undefined;
  #stubAnswered = false;

  constructor(channel: FrameChannel) {
    this.channel = channel;
  }

  /** Whether the last `trySync` was answered by a stub: another program left it running. */
  get stubAnswered(): boolean {
    return this.#stubAnswered;
  }

  /**
   * Asks whether a loader listens. It answers eight times, so that its rate can be measured; a stub puts a 0 where the ROM
   * puts what it read. Not all eight need arrive.
   */
  async trySync(timeoutMs: number): Promise<boolean> {
    this.channel.flush();
    await this.channel.send(packRequest(op.sync, syncData));
    const first = await this.#receiveSync(timeoutMs);
    if (first === undefined) return false;
    let isStub = first === 0;
    for (let answers = 1; answers < syncAnswers; answers++) {
      const next = await this.#receiveSync(syncFollowsMs);
      if (next === undefined) break;
      isStub &&= next === 0;
    }
    this.#stubAnswered = isStub;
    await this.channel.drain(quiet.afterSync);
    return true;
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

  async readReg(address: number, timeoutMs?: number): Promise<number> {
    const known = this.#registers?.get(address);
    if (known !== undefined) return known;
    const command = {
      op: op.readReg,
      body: packWords(address),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    };
    const value = (await this.check(command)) as number;
    this.#registers?.set(address, value);
    return value;
  }

  /** Sends a command and waits for its answer; the status is the caller's to look at. Throws `loader/silent`. */
  exchange(command: Command): Promise<Reply> {
    return this.#inTurn(async () => {
      await this.#sendNow(command);
      return this.receiveReply(command.op, command.timeoutMs);
    });
  }

  /** Sends a command without waiting for an answer. */
  send(command: Command): Promise<void> {
    return this.#inTurn(() => this.#sendNow(command));
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const turn = this.#last.then(action);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  async #sendNow({ op, body = new Uint8Array(0), checksum }: Command): Promise<void> {
    this.channel.flush();
    await this.channel.send(packRequest(op, body, checksum));
  }

  /**
   * Sends a command and takes its status for what it is. Resolves to the answer's data, or to its value where none is
   * expected. Throws `loader/refused`, `loader/silent`, `UnknownCommand`.
   */
  async check(command: CheckedCommand): Promise<number | Uint8Array> {
    for (let tries = repeatable.has(command.op) ? mostTries : 1; ; tries--) {
      try {
        return await this.#checkOnce(command);
      } catch (error) {
        if (tries <= 1 || !isLineTrouble(error)) throw error;
        await this.channel.drain(quiet.afterTrouble);
      }
    }
  }

  async #checkOnce(command: CheckedCommand): Promise<number | Uint8Array> {
    const { dataLength = 0, doing = '' } = command;
    const { value, body } = await this.exchange(command);
    const hasData = body.length >= dataLength + 2;
    const statusAt = hasData ? dataLength : 0;
    const status0 = body[statusAt] ?? 0xff;
    if (status0 !== 0 || !hasData) {
      const status1 = body[statusAt + 1] ?? 0;
      throw refusedError({ command: command.op, description: doing, status0, status1 });
    }
    return dataLength > 0 ? body.slice(0, dataLength) : value | 0;
  }

  /** The next answer to `command` (any, when null) before the deadline. What is no answer is passed over. */
  async receiveReply(command: number | null, timeoutMs = answerTimeoutMs): Promise<Reply> {
    const deadlineMs = performance.now() + timeoutMs;
    for (;;) {
      const leftMs = Math.max(1, deadlineMs - performance.now());
      const reply = parseReply(await this.channel.receive(leftMs));
      if (reply === undefined) continue;
      if (command === null || reply.command === command) return reply;
      // The ROM answers a command that it does not know under the number of the one before, several times.
      // Only one is asked that it may not know; to any other such an answer is a late one, to something garbled.
      if (command === op.getSecurityInfo && reply.body[0] === 1 && reply.body[1] === romUnknownCommand) {
        await this.channel.drain(quiet.afterUnknown);
        throw new UnknownCommand();
      }
    }
  }

  async #receiveSync(timeoutMs: number): Promise<number | undefined> {
    try {
      return (await this.receiveReply(op.sync, timeoutMs)).value;
    } catch (error) {
      if (isUpywError(error, 'loader/silent')) return undefined;
      throw error;
    }
  }
}
