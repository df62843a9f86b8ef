import { Buffer } from 'node:buffer';
import { UpywError } from '../errors.js';
import { RestartCounter, type RestartLoop } from './restart-loop.js';

/** What mask ROM and bootloader say when there is nothing to start. */
export interface ChipVerdict {
  /** The line that says it. */
  readonly said: string;
  /** The chip waits for a loader, because IO0 was low when it started; there may well be MicroPython on it. */
  readonly inLoader: boolean;
}

/**
 * Wordings of the ROMs of the family, and of ESP-IDF's bootloader (`bootloader_utility.c`, `esp_image_format.c`). They
 * come again about once a second, as the chip resets itself.
 */
const nothingToStart = [
  /invalid header: 0x[0-9a-f]+/,
  /flash read err, \d+/,
  /csum err:[^\r\n]*/,
  /No bootable app partitions(?: in the partition table)?/,
  /Failed to verify partition table/,
  /ets_main\.c \d+/,
];

/** Said once, and then the chip is silent. */
const waits = /waiting for download(?=\s*$)/;

const keptChars = 2_000;
/** Three letters or figures in a row. */
const legible = /[A-Za-z0-9 ]{3}/;

/** Listens to a chip that does not answer for what mask ROM and bootloader say. */
export class ChipListener {
  readonly #restarts = new RestartCounter();
  #heardText = false;
  #all = '';
  #windowBefore = '';
  #window = '';

  /** What was said before the last window may be over: the chip may have started something after it. */
  startWindow(): void {
    this.#windowBefore = this.#window;
    this.#window = '';
  }

  push(bytes: Uint8Array): void {
    this.#restarts.push(bytes);
    const text = Buffer.from(bytes).toString('latin1');
    this.#heardText ||= legible.test(text);
    this.#all = (this.#all + text).slice(-keptChars);
    this.#window = (this.#window + text).slice(-keptChars);
  }

  /** How often it was heard to start. */
  get starts(): number {
    return this.#restarts.starts;
  }

  get loop(): RestartLoop | undefined {
    return this.#restarts.loop;
  }

  /** Whether something was heard that a line at a wrong rate would not make. */
  get heardText(): boolean {
    return this.#heardText;
  }

  /**
   * What the chip is known to be at: `rawrepl/no-micropython`, `rawrepl/restarts`; undefined while it may still start something.
   */
  explain(port: string): UpywError | undefined {
    const { verdict, loop } = this;
    if (verdict !== undefined) return new UpywError('rawrepl/no-micropython', { port, ...verdict });
    return loop && new UpywError('rawrepl/restarts', { port, ...loop });
  }

  /** Why there is no MicroPython, by the chip's own words; undefined while it says nothing of the kind. */
  get verdict(): ChipVerdict | undefined {
    const waiting = waits.exec(this.#all)?.[0];
    if (waiting !== undefined) return { said: waiting, inLoader: true };
    for (const pattern of nothingToStart) {
      const said = pattern.exec(this.#windowBefore + this.#window)?.[0];
      if (said !== undefined) return { said, inLoader: false };
    }
    return undefined;
  }
}
