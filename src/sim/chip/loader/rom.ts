import type { Guest, GuestStarter } from '../../guest.js';
import { Command, encodeAnswer, op } from './command.js';
import type { ChipIdentity } from '../identity.js';
import { Machine } from '../machine.js';
import { romBanner } from './rom-banner.js';
import { RomFlash } from './rom-flash.js';
import { romError, type RomResult } from './rom-result.js';
import { runStub } from './stub.js';

export interface RomOptions {
  readonly identity: ChipIdentity;
  /** A fault: an uploaded stub starts, and hangs before its greeting. */
  readonly silentStub?: boolean;
}

/**
 * The mask ROM's download mode, reached by a reset with IO0 low; the stub, once one was uploaded and started. Speaks the protocol
 * that Espressif documents as "Serial Protocol", at 115200 baud from the start: detection of the client's rate is not modelled.
 */
export function startRom(options: RomOptions): GuestStarter {
  return (host, reason): Guest => {
    const machine = new Machine(host, options.identity);
    const banner = `${romBanner(options.identity.silicon, reason, 'download')}waiting for download\r\n`;
    host.transmit(new TextEncoder().encode(banner));
    void new RomLoader(machine, options).run();
    return {
      receive: (bytes) => {
        machine.receive(bytes);
      },
      // The program waits for the line or for chip time, and after a reset neither calls it again.
      stop: () => undefined,
    };
  };
}

/** `07 07 12 20` on the wire: what the ROM has in the value field after SYNC. */
const syncValue = 0x20120707;
const syncAnswerCount = 8;

class RomLoader {
  readonly #machine: Machine;
  readonly #options: RomOptions;
  readonly #flash: RomFlash;
  /** Op, value and number of answers of the last command: the ROM reuses its answer buffer. */
  #last = { op: 0, value: 0, count: 1 };

  constructor(machine: Machine, options: RomOptions) {
    this.#machine = machine;
    this.#options = options;
    this.#flash = new RomFlash(machine);
  }

  async run(): Promise<void> {
    for (;;) {
      const command = Command.parse(await this.#machine.nextFrame());
      if (command === undefined) continue;
      const next = await this.#handle(command);
      if (next === 'stay') continue;
      if (next === 'stub' && this.#options.silentStub !== true) await runStub(this.#machine, command.word(1));
      return;
    }
  }

  /** One command, with its answer; what runs next is another program only after MEM_END. */
  async #handle(command: Command): Promise<'stay' | 'stub' | 'nothing'> {
    const { host } = this.#machine;
    switch (command.op) {
      case op.sync:
        await this.#sync(command);
        return 'stay';
      case op.memEnd:
        return this.#leave(command);
      case op.changeBaudRate:
        await this.#answerOut(command, {});
        this.#machine.setBaudRate(command.word(0));
        return 'stay';
      case op.flashEnd:
      case op.flashDeflEnd:
        // 0 reboots, 1 runs the user code: both leave the loader.
        await this.#answerOut(command, {});
        host.reset('software');
        return 'stay';
      default:
        await this.#answer(command, await this.#execute(command));
        return 'stay';
    }
  }

  async #execute(command: Command): Promise<RomResult | 'unknown'> {
    if (!command.isWhole) return { error: romError.invalidMessage };
    const { memory } = this.#machine;
    switch (command.op) {
      case op.readReg:
        return { value: memory.read(command.word(0)) };
      case op.writeReg:
        return (await this.#machine.writeRegisters(command)) ? {} : { error: romError.invalidMessage };
      case op.memBegin:
        this.#machine.code.begin(command);
        return {};
      case op.memData:
        return this.#memData(command);
      default:
        return this.#flash.execute(command);
    }
  }

  async #sync(command: Command): Promise<void> {
    const isSync = command.isWhole && command.data.length === 36 && command.word(0) === syncValue;
    if (!isSync) {
      await this.#answer(command, { error: romError.invalidMessage });
      return;
    }
    for (let count = 0; count < syncAnswerCount; count++) {
      await this.#answer(command, { value: syncValue });
    }
    this.#last = { op: op.sync, value: syncValue, count: syncAnswerCount };
  }

  #memData(command: Command): RomResult {
    const { payload } = command;
    if (payload === undefined) return { error: romError.invalidMessage };
    if (!command.hasRightChecksum(payload)) return { error: romError.badChecksum };
    return this.#machine.code.putBlock(command.sequence, payload) ? {} : { error: romError.failed };
  }

  /** MEM_END: a first word of 0 says to run what is at the second. */
  async #leave(command: Command): Promise<'stay' | 'stub' | 'nothing'> {
    await this.#answerOut(command, {});
    if (command.word(0) !== 0) return 'stay';
    return this.#machine.code.isStub(command.word(1)) ? 'stub' : 'nothing';
  }

  async #answer(command: Command, result: RomResult | 'unknown'): Promise<void> {
    if (result === 'unknown') {
      const { op: lastOp, value, count } = this.#last;
      const frame = encodeAnswer({ op: lastOp, value, status: [1, romError.invalidMessage, 0, 0] });
      for (let sent = 0; sent < count; sent++) await this.#machine.sendFrame(frame);
      return;
    }
    await this.#machine.sendFrame(this.#encode(command, result));
  }

  async #answerOut(command: Command, result: RomResult): Promise<void> {
    await this.#machine.sendFrameOut(this.#encode(command, result));
  }

  /** A command that has no value of its own shows the last one that had. */
  #encode(command: Command, { value = this.#last.value, data, error }: RomResult): Uint8Array {
    this.#last = { op: command.op, value, count: 1 };
    const status = error === undefined ? [0, 0, 0, 0] : [1, error, 0, 0];
    return encodeAnswer({ op: command.op, value, status, ...(data && { data }) });
  }
}
