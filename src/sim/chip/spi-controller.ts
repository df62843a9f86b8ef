import type { FlashDriver } from './flash-driver.js';
import { blockSizeBytes, chipTimes, pageSizeBytes, sectorSizeBytes } from './timing.js';

/** Registers by their offset from 0x3ff42000 (ESP32 Technical Reference Manual, SPI controller). */
const register = {
  cmd: 0x00,
  addr: 0x04,
  usr: 0x1c,
  usr1: 0x20,
  usr2: 0x24,
  mosiLength: 0x28,
  misoLength: 0x2c,
  w0: 0x80,
} as const;
const bufferSizeBytes = 64;
const cmdUser = 1 << 18;
const usrHasAddress = 1 << 30;
const usrHasInput = 1 << 28;
const usrHasOutput = 1 << 27;

/** GD25Q32: GigaDevice, 4 MB; as the register reads it, little endian. */
const jedecId = 0x1640c8;
/** `SFDP`, the signature at the start of the parameter table. */
const sfdpSignature = 0x50444653;
const statusBusy = 0x01;
const statusWriteEnabled = 0x02;

/** SPI1, by which the loaders let a client talk to the flash chip itself: user-defined commands only. */
export class SpiController {
  readonly #flash: FlashDriver;
  readonly #registers = new Map<number, number>();
  #writeEnabled = false;

  constructor(flash: FlashDriver) {
    this.#flash = flash;
  }

  read(offset: number): number {
    return this.#registers.get(offset) ?? 0;
  }

  write(offset: number, value: number): void {
    if (offset !== register.cmd) this.#registers.set(offset, value);
    // The start bit clears itself when the command is done, and here it is done at once.
    else if ((value & cmdUser) !== 0) this.#run();
  }

  #run(): void {
    const usr = this.read(register.usr);
    const opcode = this.read(register.usr2) & 0xff;
    const address = (usr & usrHasAddress) === 0 ? 0 : this.read(register.addr) >>> 8;
    const output = this.#output((usr & usrHasOutput) === 0 ? 0 : this.#bytes(register.mosiLength));
    const input = this.#execute(opcode, address, output);
    if ((usr & usrHasInput) !== 0) this.#putInput(input, this.#bytes(register.misoLength));
  }

  /** The length registers hold the number of bits less one. */
  #bytes(lengthRegister: number): number {
    return Math.min(bufferSizeBytes, (this.read(lengthRegister) + 1) >> 3);
  }

  #output(sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(bufferSizeBytes);
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < sizeBytes; at += 4) view.setUint32(at, this.read(register.w0 + at), true);
    return bytes.subarray(0, sizeBytes);
  }

  #putInput(input: Uint8Array, sizeBytes: number): void {
    const bytes = new Uint8Array(bufferSizeBytes);
    bytes.set(input.subarray(0, sizeBytes));
    const view = new DataView(bytes.buffer);
    for (let at = 0; at < sizeBytes; at += 4) this.#registers.set(register.w0 + at, view.getUint32(at, true));
  }

  /** The flash chip's side (GD25Q32 data sheet, command table). A busy chip answers nothing but its status. */
  #execute(opcode: number, address: number, output: Uint8Array): Uint8Array {
    if (opcode === 0x05) return Uint8Array.of(this.#status());
    if (this.#flash.isBusy) return new Uint8Array(0);
    switch (opcode) {
      case 0x9f:
        return littleEndian(jedecId);
      case 0x5a:
        return address === 0 ? littleEndian(sfdpSignature) : new Uint8Array(bufferSizeBytes).fill(0xff);
      case 0x03:
        return this.#flash.has(address, bufferSizeBytes)
          ? this.#flash.read(address, bufferSizeBytes)
          : new Uint8Array(0);
      case 0x06:
        this.#writeEnabled = true;
        break;
      case 0x04:
        this.#writeEnabled = false;
        break;
      default:
        if (this.#writeEnabled) this.#change(opcode, address, output);
    }
    return new Uint8Array(0);
  }

  #status(): number {
    return (this.#flash.isBusy ? statusBusy : 0) | (this.#writeEnabled ? statusWriteEnabled : 0);
  }

  /** What needs the write enable latch, and clears it. */
  #change(opcode: number, address: number, output: Uint8Array): void {
    const wrapped = address % this.#flash.sizeBytes;
    if (opcode === 0x20) this.#erase(wrapped, sectorSizeBytes, chipTimes.eraseSectorMs);
    else if (opcode === 0xd8) this.#erase(wrapped, blockSizeBytes, chipTimes.eraseBlockMs);
    else if (opcode === 0xc7 || opcode === 0x60) {
      this.#erase(0, this.#flash.sizeBytes, chipTimes.eraseChipMs);
    } else if (opcode === 0x02) this.#program(wrapped, output);
    this.#writeEnabled = false;
  }

  #erase(address: number, sizeBytes: number, timeMs: number): void {
    this.#flash.beginErase({ offset: address - (address % sizeBytes), sizeBytes, timeMs });
  }

  /** A page program that runs over the end of its page goes on at the page's start. */
  #program(address: number, bytes: Uint8Array): void {
    const inPage = address % pageSizeBytes;
    const room = pageSizeBytes - inPage;
    this.#flash.beginProgram([
      { offset: address, bytes: bytes.subarray(0, room) },
      { offset: address - inPage, bytes: bytes.subarray(room) },
    ]);
  }
}

function littleEndian(value: number): Uint8Array {
  return Uint8Array.of(value, value >>> 8, value >>> 16, value >>> 24);
}
