import { type ChipIdentity, macChecksum } from './identity.js';
import type { SpiController } from './spi-controller.js';

const spiBase = 0x3ff42000;
const spiSizeBytes = 0x100;
const uartDivider = 0x3ff40014;
/** The 40 MHz crystal as the ROM's divider of 0x15a at 115200 baud shows it. */
const uartClockHz = 0x15a * 115_200;

/**
 * An ESP32-D0WDQ6 of revision 1 or 3 with a 40 MHz crystal: what clients read to find that out. Three bits in three registers make
 * the revision: one set for revision 1, all for revision 3.
 * Names: ESP32 Technical Reference Manual; the MAC's words follow from the board.
 */
function fixedRegisters({ mac, silicon }: ChipIdentity): Map<number, number> {
  const isV3 = silicon === 'v3';
  const view = new DataView(mac.buffer, mac.byteOffset, mac.length);
  return new Map([
    [0x40001000, 0x00f01d83], // a word of the ROM that differs between the chips of the family
    [0x3ff5a000, 0x00000000], // EFUSE_BLK0_RDATA0: flash encryption off
    [0x3ff5a004, view.getUint32(2)], // EFUSE_BLK0_RDATA1: MAC, lower four bytes
    [0x3ff5a008, (macChecksum(mac) << 16) | view.getUint16(0)], // EFUSE_BLK0_RDATA2
    [0x3ff5a00c, 0x0000a000], // EFUSE_BLK0_RDATA3: revision, rated for 240 MHz, package
    [0x3ff5a010, 0x00001035], // EFUSE_BLK0_RDATA4: voltage reference
    [0x3ff5a014, isV3 ? 0x00100000 : 0x00000000], // EFUSE_BLK0_RDATA5: revision
    [0x3ff6607c, isV3 ? 0x96042000 : 0x16042000], // APB_CTRL_DATE: revision, in its top bit
    [0x3ff5f06c, 0x00028000], // TIMG0 RTC calibration
    [0x3ff44038, 0x0000000f], // GPIO_STRAP: download mode
  ]);
}

/**
 * The address space as a loader's client sees it: registers, the SPI controller, and RAM that keeps what is written. What nobody
 * wrote reads as 0. Words are little endian; addresses are taken down to the word.
 */
export class ChipMemory {
  readonly #words: Map<number, number>;
  readonly #spi: SpiController;
  readonly #baudRate: () => number;

  constructor(identity: ChipIdentity, spi: SpiController, baudRate: () => number) {
    this.#words = fixedRegisters(identity);
    this.#spi = spi;
    this.#baudRate = baudRate;
  }

  read(address: number): number {
    const aligned = align(address);
    if (aligned === uartDivider) return Math.round(uartClockHz / this.#baudRate());
    if (isSpi(aligned)) return this.#spi.read(aligned - spiBase);
    return this.#words.get(aligned) ?? 0;
  }

  write(address: number, value: number, mask = 0xffffffff): void {
    const aligned = align(address);
    const merged = ((value & mask) | (this.read(aligned) & ~mask)) >>> 0;
    if (isSpi(aligned)) this.#spi.write(aligned - spiBase, merged);
    else this.#words.set(aligned, merged);
  }

  /** Copies bytes into RAM, the last word filled up with zeros. */
  load(address: number, bytes: Uint8Array): void {
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    const view = new DataView(padded.buffer);
    for (let at = 0; at < padded.length; at += 4) this.write(address + at, view.getUint32(at, true));
  }
}

function align(address: number): number {
  return (address & ~3) >>> 0;
}

function isSpi(address: number): boolean {
  return address >= spiBase && address < spiBase + spiSizeBytes;
}
