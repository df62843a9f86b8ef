import { Command, encodeAnswer, op } from './command.js';
import type { Machine } from '../machine.js';
import { readFlash } from './stub-read.js';
import { stubStatus, type StubResult } from './stub-result.js';
import { isLegacyStub } from './uploaded-code.js';
import { StubWriter } from './stub-write.js';
import { sectorSizeBytes } from '../timing.js';

/**
 * The flasher stub, modelled on the one that esptool-js 0.7.0 and esptool 5 upload: espressif/esp-flasher-stub, Apache-2.0 or MIT,
 * releases 0.4 to 1.0 (by its tables and sizes; 1.1 would also skip erasing what is blank). `command_handler.c` there says
 * what answers what and when.
 *
 * What takes time, and what overlaps:
 * - Reception goes on by interrupt while the program works, into the second of two frame buffers (`slip.ts`).
 * - DATA is answered when it has arrived; then it is inflated and written. The next DATA can arrive meanwhile, but is
 *   looked at, and answered, only after that. So a write costs the longer of wire and flash, never their sum, as long as
 *   the client sends the next block as soon as the one before is answered.
 * - BEGIN starts the first erase and answers at once. Erases go on inside the flash chip while the program inflates or waits; each
 *   step of inflating starts one more unless one is under way, and a write waits until its own range is erased and the
 *   flash chip is ready: also for an erase that was started ahead.
 * - Inflating itself is taken to cost nothing: it is an order of magnitude faster than programming what it yields.
 * - A failed write shows as the answer to the next command, which is then not carried out.
 */
/** @param entry where the code of the stub begins: by that the legacy one is known, which differs in that it reboots */
export async function runStub(machine: Machine, entry: number): Promise<never> {
  const stub = new Stub(machine, entry);
  await greet(machine);
  for (;;) {
    const command = Command.parse(await machine.nextFrame());
    if (command !== undefined) await stub.handle(command);
  }
}

async function greet(machine: Machine): Promise<void> {
  await machine.sendFrame(new TextEncoder().encode('OHAI'));
}

/** From the answer to the reboot: so long the answer takes to leave at the slowest rate that is used. */
const rebootMs = 10;

/** Sizes of the data that each command must have; those not named here check their own. */
const dataSizes: Readonly<Record<number, number>> = {
  [op.sync]: 36,
  [op.memBegin]: 16,
  [op.memEnd]: 8,
  [op.readReg]: 4,
  [op.spiSetParams]: 24,
  [op.spiAttach]: 4,
  [op.changeBaudRate]: 8,
  [op.flashEnd]: 4,
  [op.flashDeflEnd]: 4,
  [op.spiFlashMd5]: 16,
  [op.getSecurityInfo]: 0,
  [op.eraseRegion]: 8,
  [op.readFlash]: 16,
};

class Stub {
  readonly #machine: Machine;
  readonly #writer: StubWriter;
  #isLegacy: boolean;
  /** What went wrong after the last answer was sent. */
  #lateError: number | undefined;

  constructor(machine: Machine, entry: number) {
    this.#isLegacy = isLegacyStub(entry);
    this.#machine = machine;
    this.#writer = new StubWriter(machine);
  }

  async handle(command: Command): Promise<void> {
    if (!command.isWhole) return this.#answer(command, { error: stubStatus.badLength });
    if (command.op !== op.flashDeflData) this.#lateError ??= await this.#writer.flush();
    const lateError = this.#lateError;
    this.#lateError = undefined;
    if (lateError !== undefined) return this.#answer(command, { error: lateError });
    const expectedSize = dataSizes[command.op];
    if (expectedSize !== undefined && command.data.length !== expectedSize) {
      return this.#answer(command, { error: stubStatus.badLength });
    }
    const result = await this.#execute(command);
    if (result === undefined) return;
    await this.#answer(command, result);
    if (result.error === undefined) this.#lateError = await result.afterwards?.();
  }

  async #answer({ op: answered }: Command, { value = 0, data, error = 0 }: StubResult): Promise<void> {
    const status = [error >> 8, error & 0xff];
    const frame = encodeAnswer({ op: answered, value, status, ...(data && { data }) });
    // The rate changes only when the answer is out.
    if (answered === op.changeBaudRate) await this.#machine.sendFrameOut(frame);
    else await this.#machine.sendFrame(frame);
  }

  /** @returns undefined for the one command that has no answer */
  async #execute(command: Command): Promise<StubResult | undefined> {
    switch (command.op) {
      case op.sync:
        for (let count = 0; count < 7; count++) await this.#answer(command, {});
        return {};
      case op.readReg:
        return { value: this.#machine.memory.read(command.word(0)) };
      case op.writeReg:
        return (await this.#machine.writeRegisters(command)) ? {} : { error: stubStatus.notEnoughData };
      case op.spiSetParams:
      case op.spiAttach:
        return {};
      case op.memBegin:
        this.#machine.code.begin(command);
        return {};
      case op.memData:
        return this.#memData(command);
      case op.memEnd:
        return { afterwards: () => this.#leave(command) };
      case op.changeBaudRate:
        return { afterwards: () => this.#changeBaudRate(command.word(0)) };
      case op.getSecurityInfo:
        return { error: stubStatus.notImplemented };
      // Accepted and not acted on: the newer stub has no code for it yet.
      case op.runUserCode:
        if (this.#isLegacy) this.#machine.host.reset('software');
        return undefined;
      default:
        return this.#executeOnFlash(command);
    }
  }

  #executeOnFlash(command: Command): StubResult | Promise<StubResult> {
    switch (command.op) {
      case op.flashBegin:
      case op.flashDeflBegin:
        return this.#writer.begin(command);
      case op.flashData:
      case op.flashDeflData:
        return this.#writer.data(command);
      case op.flashEnd:
      case op.flashDeflEnd:
        return this.#end(command);
      case op.spiFlashMd5:
        return this.#digest(command);
      case op.eraseFlash:
        return this.#machine.flash.eraseChip().then(() => ({}));
      case op.eraseRegion:
        return this.#eraseRegion(command);
      case op.readFlash:
        return { afterwards: () => readFlash(this.#machine, command) };
      default:
        return { error: stubStatus.badCommand };
    }
  }

  /** A word of 0 asks for a reboot, which the newer stub does not do. */
  #end(command: Command): StubResult {
    const result = this.#writer.end();
    if (!this.#isLegacy || command.word(0) !== 0 || result.error !== undefined) return result;
    return { ...result, afterwards: () => this.#reboot() };
  }

  async #reboot(): Promise<undefined> {
    await this.#machine.cpu.spend(rebootMs);
    this.#machine.host.reset('software');
  }

  #memData(command: Command): StubResult {
    const { payload } = command;
    if (payload === undefined) return { error: stubStatus.tooMuchData };
    const isTaken = this.#machine.code.putBlock(command.sequence, payload);
    return isTaken ? {} : { error: stubStatus.notInFlashMode };
  }

  /** MEM_END: a first word of 0 says to run what is at the second: another stub, or a crash. */
  async #leave(command: Command): Promise<undefined> {
    if (command.word(0) !== 0) return;
    if (!this.#machine.code.isStub(command.word(1))) await new Promise(() => undefined);
    this.#isLegacy = isLegacyStub(command.word(1));
    await greet(this.#machine);
  }

  #changeBaudRate(baudRate: number): Promise<undefined> {
    this.#machine.setBaudRate(baudRate);
    return Promise.resolve(undefined);
  }

  async #digest(command: Command): Promise<StubResult> {
    const [offset, sizeBytes] = [command.word(0), command.word(1)];
    if (!this.#machine.flash.has(offset, sizeBytes)) return { error: stubStatus.spiFailed };
    return { data: await this.#machine.flash.digest(offset, sizeBytes) };
  }

  async #eraseRegion(command: Command): Promise<StubResult> {
    const [offset, sizeBytes] = [command.word(0), command.word(1)];
    if (offset % sectorSizeBytes !== 0 || sizeBytes % sectorSizeBytes !== 0) {
      return { error: stubStatus.badLength };
    }
    if (!this.#machine.flash.has(offset, sizeBytes)) return { error: stubStatus.spiFailed };
    await this.#machine.flash.erase(offset, sizeBytes);
    return {};
  }
}
