import { concatBytes } from '../bytes.js';
import { type Command, op } from './command.js';
import { Inflater } from './inflater.js';
import type { Machine } from '../machine.js';
import { stubStatus, type StubResult } from './stub-result.js';
import { eraseSteps, sectorSizeBytes } from '../timing.js';

/** The stub inflates into a window of this size and writes it when it is full. */
const inflateWindowBytes = 0x8000;

interface Write {
  offset: number;
  /** What was announced and is not written yet. */
  remainingBytes: number;
  nextErase: number;
  readonly eraseEnd: number;
  readonly inflater?: Inflater;
  /** Inflated, and waiting for the window to fill. */
  inflated: Uint8Array;
}

/** FLASH_BEGIN, DATA, END and their deflated twins; the times are explained in `stub.ts`. */
export class StubWriter {
  readonly #machine: Machine;
  #write: Write | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  async begin(command: Command): Promise<StubResult> {
    if (command.data.length !== 16 && command.data.length !== 20) return { error: stubStatus.badLength };
    const [sizeBytes, offset] = [command.word(0), command.word(3)];
    const eraseEnd = Math.ceil((offset + sizeBytes) / sectorSizeBytes) * sectorSizeBytes;
    this.#write = {
      offset,
      remainingBytes: sizeBytes,
      nextErase: offset - (offset % sectorSizeBytes),
      eraseEnd,
      ...(command.op === op.flashDeflBegin && { inflater: new Inflater() }),
      inflated: new Uint8Array(0),
    };
    const error = await this.#eraseMeanwhile(this.#write);
    return error === undefined ? {} : { error };
  }

  data(command: Command): StubResult {
    const { payload } = command;
    const write = this.#write;
    if (payload === undefined) return { error: stubStatus.tooMuchData };
    if (write === undefined) return { error: stubStatus.notInFlashMode };
    if (command.op === op.flashDeflData && write.remainingBytes === 0 && payload.length > 4) {
      return { error: stubStatus.tooMuchData };
    }
    if (!command.hasRightChecksum(payload)) return { error: stubStatus.badChecksum };
    const { inflater } = write;
    if (command.op === op.flashDeflData) {
      if (inflater === undefined) return { error: stubStatus.notInFlashMode };
      return { afterwards: () => this.#inflate(write, inflater, payload) };
    }
    return { afterwards: () => this.#program(write, payload.subarray(0, write.remainingBytes)) };
  }

  end(): StubResult {
    if (this.#write === undefined) return { error: stubStatus.notInFlashMode };
    if (this.#write.remainingBytes !== 0) return { error: stubStatus.badLength };
    this.#write = undefined;
    return {};
  }

  /** Writes what is inflated and waits for more: none comes, or something else comes first. */
  async flush(): Promise<number | undefined> {
    const write = this.#write;
    if (write === undefined || write.inflated.length === 0) return undefined;
    const rest = write.inflated;
    write.inflated = new Uint8Array(0);
    return this.#program(write, rest);
  }

  async #inflate(write: Write, inflater: Inflater, payload: Uint8Array): Promise<number | undefined> {
    let inflated: Uint8Array;
    try {
      inflated = concatBytes([write.inflated, inflater.push(payload)]);
    } catch {
      return stubStatus.inflateFailed;
    }
    for (;;) {
      const eraseError = await this.#eraseMeanwhile(write);
      if (eraseError !== undefined) return eraseError;
      const isLast = inflated.length >= write.remainingBytes;
      if (inflated.length < inflateWindowBytes && !isLast) break;
      const error = await this.#program(write, inflated.subarray(0, inflateWindowBytes));
      if (error !== undefined) return error;
      inflated = inflated.subarray(inflateWindowBytes);
      if (inflated.length === 0) break;
    }
    write.inflated = inflated;
    return undefined;
  }

  /** Erases up to the end of what is to be written, then writes. */
  async #program(write: Write, bytes: Uint8Array): Promise<number | undefined> {
    while (write.nextErase < Math.min(write.offset + bytes.length, write.eraseEnd)) {
      const error = await this.#startNextErase(write);
      if (error !== undefined) return error;
    }
    if (!this.#machine.flash.has(write.offset, bytes.length)) return stubStatus.spiFailed;
    await this.#machine.flash.program(write.offset, bytes);
    write.offset += bytes.length;
    write.remainingBytes = Math.max(0, write.remainingBytes - bytes.length);
    return undefined;
  }

  /** Leaves the next erase running unless one is. */
  async #eraseMeanwhile(write: Write): Promise<number | undefined> {
    return this.#machine.flash.isBusy ? undefined : this.#startNextErase(write);
  }

  /** Waits for the erase under way, and leaves the next one running: a 64 KiB block where one fits. */
  async #startNextErase(write: Write): Promise<number | undefined> {
    const { flash } = this.#machine;
    await flash.ready();
    const [step] = eraseSteps(write.nextErase, write.eraseEnd - write.nextErase);
    if (step === undefined) return undefined;
    if (!flash.has(step.offset, step.sizeBytes)) return stubStatus.spiFailed;
    flash.beginErase(step);
    write.nextErase += step.sizeBytes;
    return undefined;
  }
}
