import { toHex } from '../bytes.js';
import { type Command, op } from './command.js';
import { Inflater } from './inflater.js';
import type { Machine } from '../machine.js';
import { romError, type RomResult } from './rom-result.js';
import { RomWindow, type WindowPiece } from './rom-window.js';
import { sectorSizeBytes } from '../timing.js';

/** READ_FLASH_SLOW answers with so many bytes, whatever was asked for. */
const slowReadBytes = 64;

interface Write {
  offset: number;
  readonly inflater?: Inflater;
}

/**
 * The ROM's flash commands. It does one thing at a time: BEGIN answers when everything is erased, DATA when the block is written
 * and was read back. The flash must be attached first (SPI_ATTACH), as in the real chip's download mode.
 */
export class RomFlash {
  readonly #machine: Machine;
  readonly #window = new RomWindow();
  #isAttached = false;
  #write: Write | undefined;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  execute(command: Command): RomResult | 'unknown' | Promise<RomResult> {
    switch (command.op) {
      case op.spiAttach:
        if (command.data.length !== 4 && command.data.length !== 8) return { error: romError.invalidMessage };
        this.#isAttached = true;
        return {};
      case op.spiSetParams:
        return command.data.length === 24 ? {} : { error: romError.invalidMessage };
      case op.flashBegin:
      case op.flashDeflBegin:
      case op.flashData:
      case op.flashDeflData:
      case op.readFlashSlow:
      case op.spiFlashMd5:
        return this.#isAttached ? this.#executeOnFlash(command) : { error: romError.failed };
      default:
        return 'unknown';
    }
  }

  #executeOnFlash(command: Command): RomResult | Promise<RomResult> {
    switch (command.op) {
      case op.flashBegin:
        return this.#begin(command, {});
      case op.flashDeflBegin:
        return this.#begin(command, { inflater: new Inflater() });
      case op.readFlashSlow:
        return this.#readSlow(command);
      case op.spiFlashMd5:
        return this.#digest(command);
      default:
        return this.#data(command);
    }
  }

  async #begin(command: Command, { inflater }: { inflater?: Inflater }): Promise<RomResult> {
    if (command.data.length !== 16 && command.data.length !== 20) return { error: romError.invalidMessage };
    const { flash } = this.#machine;
    const offset = command.word(3);
    const start = offset - (offset % sectorSizeBytes);
    const end = Math.ceil((offset + command.word(0)) / sectorSizeBytes) * sectorSizeBytes;
    if (!flash.has(0, end)) return { error: romError.failed };
    this.#write = { offset, ...(inflater && { inflater }) };
    this.#window.begin();
    if (command.word(0) > 0) await flash.erase(start, end - start);
    return {};
  }

  async #data(command: Command): Promise<RomResult> {
    const { payload } = command;
    const write = this.#write;
    if (payload === undefined) return { error: romError.invalidMessage };
    const isDeflated = command.op === op.flashDeflData;
    if (write === undefined || isDeflated !== (write.inflater !== undefined))
      return { error: romError.failed };
    if (!command.hasRightChecksum(payload)) return { error: romError.badChecksum };
    try {
      const { inflater } = write;
      if (inflater === undefined)
        return await this.#program(write, { bytes: payload, freshBytes: payload.length });
      const inflated = inflater.push(payload);
      for (const piece of this.#window.push(inflated, inflater.hasEnded)) {
        const result = await this.#program(write, piece);
        if (result.error !== undefined) return result;
      }
      return {};
    } catch {
      return { error: romError.deflate };
    }
  }

  /** Reads back only what the client sent. */
  async #program(write: Write, { bytes, freshBytes }: WindowPiece): Promise<RomResult> {
    const { flash } = this.#machine;
    if (!flash.has(write.offset, freshBytes)) return { error: romError.flashWrite };
    await flash.program(write.offset, bytes.subarray(0, flash.sizeBytes - write.offset));
    const kept = flash.read(write.offset, freshBytes);
    write.offset += freshBytes;
    return kept.every((byte, index) => byte === bytes[index]) ? {} : { error: romError.flashWrite };
  }

  #readSlow(command: Command): RomResult {
    const [offset, sizeBytes] = [command.word(0), command.word(1)];
    if (sizeBytes > slowReadBytes) return { error: romError.flashReadLength };
    if (!this.#machine.flash.has(offset, slowReadBytes)) return { error: romError.flashRead };
    return { data: this.#machine.flash.read(offset, slowReadBytes) };
  }

  /** In the ROM the digest is text: 32 hexadecimal digits. */
  async #digest(command: Command): Promise<RomResult> {
    const [offset, sizeBytes] = [command.word(0), command.word(1)];
    if (command.data.length !== 16) return { error: romError.invalidMessage };
    if (!this.#machine.flash.has(offset, sizeBytes)) return { error: romError.flashRead };
    const digest = await this.#machine.flash.digest(offset, sizeBytes);
    return { data: new TextEncoder().encode(toHex(digest)) };
  }
}
