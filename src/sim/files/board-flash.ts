import { withFlashFaults } from '../chip/flash-faults.js';
import { NorFlash } from '../chip/flash.js';
import type { Faults } from '../chip/faults.js';
import { sectorSizeBytes } from '../chip/timing.js';
import type { Flash } from '../guest.js';

/** One thing that was done to the flash chip: so many sectors erased, or bytes programmed. */
export type FlashChange =
  | { readonly offset: number; readonly erasedBytes: number }
  | { readonly offset: number; readonly bytes: Uint8Array };

/** A part of the flash that is not erased. */
export interface FlashPart {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What the VM's thread is given of the flash. */
export interface FlashCopy {
  readonly sizeBytes: number;
  readonly parts: readonly FlashPart[];
  readonly faults: Faults;
}

/** So much may wait for {@link BoardFlash.flush}. */
const waitingMaxBytes = 64 * 1024;

export function copyOf(flash: Flash, faults: Faults): FlashCopy {
  const parts = flash.programmed().map((offset) => ({ offset, bytes: flash.read(offset, sectorSizeBytes) }));
  return { sizeBytes: flash.sizeBytes, parts, faults };
}

export function applyChanges(flash: Flash, changes: readonly FlashChange[]): void {
  for (const change of changes) {
    if ('bytes' in change) flash.program(change.offset, change.bytes);
    else flash.erase(change.offset, change.erasedBytes);
  }
}

/**
 * The flash chip as the VM's thread sees it: a copy, so that nothing waits for the wire's thread. Whatever is done to it is told, in its
 * order, at {@link flush} at the latest; what was not told is lost when the board loses its power, as what a chip was not asked to do yet.
 */
export class BoardFlash implements Flash {
  readonly #flash: Flash;
  readonly #tell: (changes: FlashChange[]) => void;
  #waiting: FlashChange[] = [];
  #waitingBytes = 0;

  constructor({ sizeBytes, parts, faults }: FlashCopy, tell: (changes: FlashChange[]) => void) {
    const flash = new NorFlash(undefined, sizeBytes);
    for (const { offset, bytes } of parts) flash.program(offset, bytes);
    this.#flash = withFlashFaults(flash, faults);
    this.#tell = tell;
  }

  get sizeBytes(): number {
    return this.#flash.sizeBytes;
  }

  read(offset: number, length: number): Uint8Array {
    return this.#flash.read(offset, length);
  }

  programmed(): number[] {
    return this.#flash.programmed();
  }

  program(offset: number, bytes: Uint8Array): void {
    this.#flash.program(offset, bytes);
    this.#note({ offset, bytes: bytes.slice() }, bytes.length);
  }

  erase(offset: number, length: number): void {
    this.#flash.erase(offset, length);
    this.#note({ offset, erasedBytes: length }, 0);
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#tell(this.#waiting);
    this.#waiting = [];
    this.#waitingBytes = 0;
  }

  close(): void {
    this.flush();
  }

  #note(change: FlashChange, sizeBytes: number): void {
    this.#waiting.push(change);
    this.#waitingBytes += sizeBytes;
    if (this.#waitingBytes > waitingMaxBytes) this.flush();
  }
}
