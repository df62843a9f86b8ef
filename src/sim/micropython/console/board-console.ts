import type { MicroPythonExports } from '../wasm/emscripten.js';
import { Activity, type SharedConsole } from './shared-console.js';
import { TransmitFifo } from './transmit-fifo.js';

const textEncoder = new TextEncoder();

/** How long the VM waits at a stretch when there is nothing to look after. */
export const longWaitMs = 1000;

/** A loop that looks at the clock this often within a millisecond is waiting, so it may nap. */
const looksBeforeNap = 20;
/** A thread that was put to sleep wakes up about so late; shorter waits are spent awake. */
const wakeUpMs = 0.08;

/** Ends what a board does when it loses its power while it waits at its prompt. */
export class SwitchedOff extends Error {
  override readonly name = 'SwitchedOff';
}

/**
 * The VM's side of the UART and of the clock, in the worker. Everything the VM calls passes here, and each call looks whether a
 * Ctrl-C has come in: the chip's interrupt handler would have noticed it at once (ports/esp32/uart.c).
 */
export class BoardConsole {
  readonly #shared: SharedConsole;
  readonly #wake: () => void;
  #exports: MicroPythonExports | undefined;
  /** A KeyboardInterrupt was scheduled, and the program may not have met it yet. */
  #isInterrupted = false;
  #lastTick = 0;
  #looks = 0;
  /** Undefined where the line takes no time. */
  readonly #fifo: TransmitFifo | undefined;
  readonly #uptimeMs: () => number;
  /** Runs what is due while the VM waits (timers); returns for how many milliseconds there is nothing else. */
  whileWaiting: () => number = () => longWaitMs;

  /** `wake` tells the wire's side that there is output to fetch, or room for input. `fifo` is that of a line that takes time. */
  constructor(
    shared: SharedConsole,
    wake: () => void,
    fifo: TransmitFifo | undefined,
    uptimeMs: () => number = () => performance.now(),
  ) {
    this.#uptimeMs = uptimeMs;
    this.#shared = shared;
    this.#wake = wake;
    this.#fifo = fifo;
  }

  /** A new VM takes the console over; until then nothing interrupts. */
  attach(exports: MicroPythonExports | undefined): void {
    this.#exports = exports;
  }

  /** Lets the wire's side know that the REPL takes everything from now on. */
  tellAtPrompt(): void {
    this.#shared.activity = Activity.Prompt;
  }

  /** Lets the wire's side know whether Ctrl-C interrupts the program; called when the program uses the console. */
  tellInterruptChar(): void {
    this.#shared.interruptChar = this.#exports?.mp_hal_get_interrupt_char() ?? -1;
  }

  /** Turns a waiting Ctrl-C into KeyboardInterrupt, if the program running allows it (`micropython.kbd_intr`). */
  takeInterrupt(): boolean {
    const interruptChar = this.#exports?.mp_hal_get_interrupt_char() ?? -1;
    if (interruptChar < 0 || !this.#shared.received.remove(interruptChar)) return false;
    this.#exports?.mp_sched_keyboard_interrupt();
    this.#isInterrupted = true;
    return true;
  }

  /** Whether a read must end for a Ctrl-C that came now, or just before the read: a VM that meets none reads again. */
  #mustEndRead(): boolean {
    const must = this.takeInterrupt() || this.#isInterrupted;
    this.#isInterrupted = false;
    return must;
  }

  /** Waits for one byte from the wire; for the REPL, which takes Ctrl-C as a byte. Throws {@link SwitchedOff}. */
  readByte(): number {
    const { received } = this.#shared;
    while (received.length === 0) {
      if (this.#shared.isSwitchedOff) throw new SwitchedOff();
      received.waitForMore(0, this.whileWaiting());
    }
    const byte = received.peek(1)[0] ?? 0;
    this.#release(1);
    return byte;
  }

  /** Fills `target` for a running program, waiting as long as it takes. @returns `false` when Ctrl-C came first. */
  readInto(target: Int8Array, offset: number, length: number): boolean {
    const { received } = this.#shared;
    this.#shared.expectInput(length);
    for (let filled = 0; filled < length;) {
      if (this.#mustEndRead()) {
        this.#shared.expectInput(0);
        return false;
      }
      const bytes = received.peek(length - filled);
      // It came after the look for it.
      if (bytes.includes(this.#exports?.mp_hal_get_interrupt_char() ?? -1)) continue;
      target.set(bytes, offset + filled);
      this.#release(bytes.length);
      filled += bytes.length;
      if (filled < length && received.length === 0) {
        received.waitForMore(0, this.whileWaiting());
      }
    }
    return true;
  }

  #release(count: number): void {
    this.#shared.received.release(count);
    if (this.#shared.mustTellRoom()) this.#wake();
  }

  get hasInput(): boolean {
    return this.#shared.received.length > 0;
  }

  writeText(text: string): void {
    this.write(textEncoder.encode(text));
  }

  /** Bytes for the wire as they are; waits while the transmitter is full. */
  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const fit = this.#fifo?.put(bytes.length - at, performance.now()) ?? bytes.length;
      this.#handOver(bytes.subarray(at, at + fit));
      at += fit;
      if (at < bytes.length) stall(TransmitFifo.waitMs(performance.now()));
    }
    this.takeInterrupt();
  }

  /** To the wire's side, which may be behind. */
  #handOver(bytes: Uint8Array): void {
    const { transmitted } = this.#shared;
    for (let at = 0; at < bytes.length;) {
      const limit = this.#shared.transmitLimit;
      at += transmitted.push(bytes.subarray(at), limit);
      if (this.#shared.mustTellOutput()) this.#wake();
      if (at < bytes.length) transmitted.waitForRoom(limit);
    }
  }

  /** As `mp_hal_stdout_tx_strn_cooked` of py: each `\n` goes out as `\r\n`. */
  writeCooked(bytes: Uint8Array): void {
    if (!bytes.includes(10)) {
      this.write(bytes);
      return;
    }
    const cooked: number[] = [];
    for (const byte of bytes) {
      if (byte === 10) cooked.push(13);
      cooked.push(byte);
    }
    this.write(Uint8Array.from(cooked));
  }

  /**
   * Milliseconds since the board was switched on, for `time.ticks_ms` and everything that waits: MicroPython's waiting loops ask for the
   * time again and again, so they nap here.
   */
  ticksMs(): number {
    this.takeInterrupt();
    const now = Math.floor(this.#uptimeMs());
    this.#looks = now === this.#lastTick ? this.#looks + 1 : 0;
    this.#lastTick = now;
    if (this.#looks > looksBeforeNap) this.#nap();
    return now;
  }

  /** `time.sleep_us`: exact, but for the last steps of the computer's scheduler. Ctrl-C ends it. */
  sleepUs(durationUs: number): void {
    const endMs = performance.now() + durationUs / 1000;
    for (let leftMs = endMs - performance.now(); leftMs > 0; leftMs = endMs - performance.now()) {
      if (this.takeInterrupt()) return;
      const dueMs = this.whileWaiting();
      const waitMs = Math.min(leftMs, dueMs) - wakeUpMs;
      if (waitMs > 0) this.#shared.received.waitForMore(this.#shared.received.length, waitMs);
    }
  }

  /** Holds the VM up. @returns `false` when Ctrl-C came first, or something else is due before */
  hold(durationMs: number, dueInMs: number): boolean {
    const endMs = performance.now() + Math.min(durationMs, dueInMs);
    for (let leftMs = endMs - performance.now(); leftMs > wakeUpMs; leftMs = endMs - performance.now()) {
      if (this.takeInterrupt()) return false;
      this.#shared.received.waitForMore(this.#shared.received.length, leftMs - wakeUpMs);
    }
    return durationMs <= dueInMs;
  }

  #nap(): void {
    this.#looks = 0;
    this.whileWaiting();
    const untilNextTickMs = 1 - (this.#uptimeMs() % 1);
    this.#shared.received.waitForMore(this.#shared.received.length, untilNextTickMs);
  }
}

/** Blocks the VM, as flash writes block the chip's CPU. */
export function stall(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
