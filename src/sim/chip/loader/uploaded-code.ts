import type { ChipMemory } from '../chip-memory.js';
import type { Command } from './command.js';

/** All the RAM there is. */
const maxUploadBytes = 0x82000;

interface Upload {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly blockSizeBytes: number;
  readonly received: Set<number>;
  readonly blockCount: number;
}

/** The greeting that every stub of Espressif's has in its text or data. */
const greeting = new TextEncoder().encode('OHAI');

/** The legacy stub, of esptool up to 4 (in 5 by `--stub-version 1`), is uploaded to here; the newer one lies lower. */
const legacyTextStart = 0x400b_e000;

export function isLegacyStub(entry: number): boolean {
  return entry >= legacyTextStart;
}

/** What MEM_BEGIN and MEM_DATA brought into RAM, as far as is needed to say what would run there. */
export class UploadedCode {
  readonly #memory: ChipMemory;
  readonly #uploads: Upload[] = [];

  constructor(memory: ChipMemory) {
    this.#memory = memory;
  }

  /** MEM_BEGIN: size, number of blocks, block size, address. */
  begin(command: Command): void {
    this.#uploads.push({
      address: command.word(3),
      bytes: new Uint8Array(Math.min(command.word(0), maxUploadBytes)),
      blockSizeBytes: command.word(2),
      blockCount: command.word(1),
      received: new Set(),
    });
  }

  /** @returns false when no upload is under way, or the block lies outside it */
  putBlock(sequence: number, payload: Uint8Array): boolean {
    const upload = this.#uploads.at(-1);
    if (upload === undefined || sequence >= upload.blockCount) return false;
    const at = sequence * upload.blockSizeBytes;
    if (at + payload.length > upload.bytes.length) return false;
    upload.bytes.set(payload, at);
    upload.received.add(sequence);
    this.#memory.load(upload.address + at, payload);
    return true;
  }

  /**
   * Whether a jump to `entry` starts a stub. The virtual chip runs no Xtensa code: it takes a complete upload that holds the entry
   * point, and the greeting, for one. Anything else crashes.
   */
  isStub(entry: number): boolean {
    const isWhole = this.#uploads.every(({ received, blockCount }) => received.size === blockCount);
    const holdsEntry = this.#uploads.some(
      ({ address, bytes }) => entry >= address && entry < address + bytes.length,
    );
    return isWhole && holdsEntry && this.#uploads.some(({ bytes }) => hasGreeting(bytes));
  }
}

function hasGreeting(bytes: Uint8Array): boolean {
  const isAt = (at: number): boolean => greeting.every((letter, index) => bytes[at + index] === letter);
  return bytes.some((_, at) => isAt(at));
}
