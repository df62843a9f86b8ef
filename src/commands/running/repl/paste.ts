import { Buffer } from 'node:buffer';
import { EchoWindow } from '../echo-window.js';

const ctrlD = Uint8Array.of(0x04);
const ctrlE = Uint8Array.of(0x05);
const carriageReturn = 0x0d;
/** How the prompt of MicroPython's paste mode begins each line (shared/runtime/pyexec.c). */
const pastePrompt = '=== ';
const promptTimeoutMs = 700;

/**
 * Types a pasted text into the board for the user. Several lines go through paste mode: at the normal prompt every line
 * would get the board's own indentation on top. Where paste mode does not open (a program is reading the keys), or the user
 * has opened it, the text goes as it is.
 */
export class Paste {
  readonly #echo: EchoWindow;
  #heard = '';
  #onHeard: (() => void) | undefined;

  constructor(private readonly write: (bytes: Uint8Array) => Promise<void>) {
    this.#echo = new EchoWindow(write);
  }

  /** What the board says meanwhile. */
  heard(bytes: Uint8Array): void {
    this.#heard = (this.#heard + Buffer.from(bytes).toString('latin1')).slice(-128);
    this.#onHeard?.();
    this.#echo.heard(bytes);
  }

  /** Stops early when the signal aborts. */
  async send(text: Uint8Array, signal: AbortSignal): Promise<void> {
    const typed = asTyped(text);
    const isOpenAlready = this.#heard.endsWith(pastePrompt);
    const hasLines = typed.subarray(0, -1).includes(carriageReturn);
    const usesPasteMode = hasLines && !isOpenAlready && (await this.#openPasteMode(signal));
    await this.#echo.send(typed, signal);
    if (!usesPasteMode) return;
    await this.#echo.settle(signal);
    if (!signal.aborted) await this.write(ctrlD);
  }

  async #openPasteMode(signal: AbortSignal): Promise<boolean> {
    this.#heard = '';
    await this.write(ctrlE);
    return new Promise((resolve) => {
      const end = (opened: boolean) => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.#onHeard = undefined;
        resolve(opened);
      };
      const giveUp = () => {
        end(false);
      };
      const timer = setTimeout(giveUp, promptTimeoutMs);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#onHeard = () => {
        if (this.#heard.includes(pastePrompt)) end(true);
      };
    });
  }
}

/** Line ends as the Enter key sends them; other control characters would end or cancel the paste. */
function asTyped(text: Uint8Array): Uint8Array {
  const typed: number[] = [];
  let previous = 0;
  for (const byte of text) {
    const isSecondHalf = byte === 0x0a && previous === carriageReturn;
    if (byte === 0x0a && !isSecondHalf) typed.push(carriageReturn);
    else if (byte >= 0x20 || byte === carriageReturn || byte === 0x09) typed.push(byte);
    previous = byte;
  }
  return Uint8Array.from(typed);
}
