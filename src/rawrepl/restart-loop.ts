import { Buffer } from 'node:buffer';

/** Why a chip starts again and again, as far as it says so. */
export type RestartCause = 'brownout' | 'panic' | 'watchdog' | 'deep sleep' | 'power' | 'software';

/** A chip that was heard to start several times without getting anywhere. */
export interface RestartLoop {
  readonly starts: number;
  readonly cause: RestartCause;
  /** What it says of the cause, in its own words. */
  readonly said: string;
}

/** Every ROM of the family tells the reset's cause in this form, in short names that differ from chip to chip. */
const startLine = /rst:0x[0-9a-f]+ \(([A-Z0-9_]+)\)/g;
/** What is said between two starts (ESP-IDF: `brownout.c`, `panic.c`); it tells more than the reset that follows. */
const lastWords: readonly (readonly [RestartCause, RegExp])[] = [
  ['brownout', /Brownout detector was triggered/],
  ['panic', /Guru Meditation Error[^\r\n]*|abort\(\) was called[^\r\n]*|assert failed:[^\r\n]*/],
];
const causes: readonly (readonly [RestartCause, RegExp])[] = [
  ['brownout', /BROWN/],
  ['watchdog', /WDT/],
  ['deep sleep', /DEEPSLEEP|DSLEEP/],
  ['power', /POWERON/],
  ['software', /./],
];
/** One start may be ours, and one more may be a firmware's first. */
const fewestStarts = 3;
const keptChars = 4_000;

/** Counts the starts of a chip by what its ROM says. */
export class RestartCounter {
  #text = '';
  #starts = 0;
  #resetName = '';

  push(bytes: Uint8Array): void {
    this.#text += Buffer.from(bytes).toString('latin1');
    let endAt = 0;
    for (const found of this.#text.matchAll(startLine)) {
      if (found.index < this.#countedChars) continue;
      this.#starts += 1;
      this.#resetName = found[1] ?? '';
      endAt = found.index + found[0].length;
    }
    this.#countedChars = Math.max(this.#countedChars, endAt);
    const droppedChars = Math.max(0, this.#text.length - keptChars);
    this.#text = this.#text.slice(droppedChars);
    this.#countedChars = Math.max(0, this.#countedChars - droppedChars);
  }

  /** In front of these, all starts have been counted. */
  #countedChars = 0;

  /** How often the chip was heard to start. */
  get starts(): number {
    return this.#starts;
  }

  /** Undefined as long as it may be on its way to something. */
  get loop(): RestartLoop | undefined {
    if (this.#starts < fewestStarts) return undefined;
    for (const [cause, pattern] of lastWords) {
      const said = pattern.exec(this.#text)?.[0];
      if (said !== undefined) return { starts: this.#starts, cause, said };
    }
    const [cause] = causes.find(([, pattern]) => pattern.test(this.#resetName)) ?? ['software'];
    return { starts: this.#starts, cause, said: this.#resetName };
  }
}
