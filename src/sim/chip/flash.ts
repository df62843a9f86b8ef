import { Buffer } from 'node:buffer';
import type { Flash } from '../guest.js';
import { sectorSizeBytes } from './timing.js';

/** The flash of every board the workshop uses. */
const flashSizeBytes = 0x400000;

/** What erasing makes of each byte. */
const erased = 0xff;

const erasedSector = Buffer.alloc(sectorSizeBytes, erased);

export function isErased(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += sectorSizeBytes) {
    const piece = bytes.subarray(at, at + sectorSizeBytes);
    if (erasedSector.compare(piece, 0, piece.length, 0, piece.length) !== 0) return false;
  }
  return true;
}

/** What keeps a flash's content beyond the process. */
export interface FlashStore {
  /** What is kept, from the beginning of the chip on, piece by piece; what lies behind it is erased. A piece is used until the next one comes. */
  load(sizeBytes: number): Iterable<Uint8Array>;
  /** Keeps one range of the new content. */
  save(flash: Pick<Flash, 'read'>, offset: number, sizeBytes: number): void;
  close(): void;
}

/** A part of a range that lies in one sector. */
interface Piece {
  readonly sector: number;
  /** Within the sector. */
  readonly start: number;
  readonly end: number;
  /** Within the range. */
  readonly at: number;
}

/**
 * The chip itself: 4 MB of NOR, in memory, written through to a store where there is one. Erasing goes by sectors of 4 KiB.
 * It takes no time here: whoever uses it charges the chip's time (`timing.ts`).
 * A range outside the chip, or an erase off the sector grid, is a mistake of the caller: `RangeError`.
 */
export class NorFlash implements Flash {
  /** By number; one that is not here is erased. */
  readonly #sectors = new Map<number, Uint8Array>();
  readonly #store: FlashStore | undefined;

  constructor(
    store?: FlashStore,
    readonly sizeBytes: number = flashSizeBytes,
  ) {
    let sector = 0;
    for (const piece of store?.load(sizeBytes) ?? []) {
      for (let at = 0; at < piece.length; at += sectorSizeBytes, sector += 1) {
        const bytes = piece.subarray(at, at + sectorSizeBytes);
        if (!isErased(bytes)) this.#sectors.set(sector, sectorWith(bytes, 0));
      }
    }
    this.#store = store;
  }

  read(offset: number, sizeBytes: number): Uint8Array {
    const bytes = new Uint8Array(sizeBytes).fill(erased);
    for (const { sector, start, end, at } of this.#pieces(offset, sizeBytes)) {
      const held = this.#sectors.get(sector);
      if (held !== undefined) bytes.set(held.subarray(start, end), at);
    }
    return bytes;
  }

  programmed(): number[] {
    return [...this.#sectors.keys()]
      .sort((left, right) => left - right)
      .map((sector) => sector * sectorSizeBytes);
  }

  program(offset: number, bytes: Uint8Array): void {
    for (const { sector, start, end, at } of this.#pieces(offset, bytes.length)) {
      const piece = bytes.subarray(at, at + end - start);
      const held = this.#sectors.get(sector);
      if (held === undefined) this.#sectors.set(sector, sectorWith(piece, start));
      else
        for (const [index, byte] of piece.entries()) held[start + index] = (held[start + index] ?? 0) & byte;
    }
    this.#store?.save(this, offset, bytes.length);
  }

  erase(offset: number, sizeBytes: number): void {
    if (offset % sectorSizeBytes !== 0 || sizeBytes % sectorSizeBytes !== 0) {
      throw new RangeError(`erase of ${sizeBytes} bytes at ${offset} is not in whole sectors`);
    }
    for (const { sector } of this.#pieces(offset, sizeBytes)) this.#sectors.delete(sector);
    this.#store?.save(this, offset, sizeBytes);
  }

  close(): void {
    this.#store?.close();
  }

  *#pieces(offset: number, sizeBytes: number): Generator<Piece> {
    if (offset < 0 || sizeBytes < 0 || offset + sizeBytes > this.sizeBytes) {
      throw new RangeError(`flash has no ${sizeBytes} bytes at ${offset}`);
    }
    for (let at = 0; at < sizeBytes;) {
      const start = (offset + at) % sectorSizeBytes;
      const end = Math.min(sectorSizeBytes, start + sizeBytes - at);
      yield { sector: Math.floor((offset + at) / sectorSizeBytes), start, end, at };
      at += end - start;
    }
  }
}

/** An erased sector with something in it. */
function sectorWith(bytes: Uint8Array, start: number): Uint8Array {
  const sector = new Uint8Array(sectorSizeBytes).fill(erased);
  sector.set(bytes, start);
  return sector;
}
