/**
 * The UART's two buffers between the thread that owns the wire and the thread that runs the VM, in one SharedArrayBuffer.
 * Each side advances only its own counters, so no lock is needed. Counters run on and wrap; sizes are powers of two.
 */

/** MicroPython's stdin ring on the ESP32 is made with 260 bytes, one of which it cannot use (ports/esp32/mphalport.c). */
export const stdinRingBytes = 259;

/** More than the ring of the ESP32 holds, for what a program that waits has asked for: see {@link SharedConsole.receiveLimit}. */
const receiveBytes = 8192;
const transmitBytes = 65_536;
const headerBytes = 64;

enum Cell {
  ReceiveRead,
  ReceiveWritten,
  TransmitRead,
  TransmitWritten,
  TransmitLimit,
  WantsOutput,
  WantsRoom,
  Activity,
  InterruptChar,
  ReadUntil,
  SwitchedOff,
}

/** What the VM is doing, as far as the wire's side must know. */
export const Activity = {
  Starting: 0,
  /** At a prompt: it takes every byte at once. */
  Prompt: 1,
  /** Reading code in raw-paste mode. */
  RawPaste: 2,
  /** Running what was typed at the friendly prompt, or a start file. */
  RunningFriendly: 3,
  /** Running what a program on the other side sent: bytes wait in the stdin ring, and are lost beyond it. */
  RunningRaw: 4,
} as const;

export type Activity = (typeof Activity)[keyof typeof Activity];

class Ring {
  readonly #cells: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #read: Cell;
  readonly #written: Cell;

  constructor(cells: Int32Array, bytes: Uint8Array, read: Cell, written: Cell) {
    this.#cells = cells;
    this.#bytes = bytes;
    this.#read = read;
    this.#written = written;
  }

  get length(): number {
    return (Atomics.load(this.#cells, this.#written) - Atomics.load(this.#cells, this.#read)) | 0;
  }

  /** Stores what fits under `limit` bytes in all, wakes a reader, returns how many were taken. */
  push(bytes: Uint8Array, limit: number): number {
    const taken = Math.min(bytes.length, Math.max(0, Math.min(limit, this.#bytes.length) - this.length));
    const start = Atomics.load(this.#cells, this.#written);
    for (let index = 0; index < taken; index += 1) {
      this.#bytes[(start + index) & (this.#bytes.length - 1)] = bytes[index] ?? 0;
    }
    Atomics.store(this.#cells, this.#written, (start + taken) | 0);
    Atomics.notify(this.#cells, this.#written);
    return taken;
  }

  /** A copy of up to `count` bytes from the front, left in place. */
  peek(count: number): Uint8Array {
    const size = Math.min(count, this.length);
    const start = Atomics.load(this.#cells, this.#read);
    const bytes = new Uint8Array(size);
    for (let index = 0; index < size; index += 1) {
      bytes[index] = this.#bytes[(start + index) & (this.#bytes.length - 1)] ?? 0;
    }
    return bytes;
  }

  /** Drops `count` bytes from the front and wakes a writer that waits for room. */
  release(count: number): void {
    Atomics.store(this.#cells, this.#read, (Atomics.load(this.#cells, this.#read) + count) | 0);
    Atomics.notify(this.#cells, this.#read);
  }

  /** Removes every `value` that is waiting; only the reader may call it. Returns whether there was one. */
  remove(value: number): boolean {
    const waiting = this.peek(this.length);
    const kept = waiting.filter((byte) => byte !== value);
    const removed = waiting.length - kept.length;
    if (removed === 0) return false;
    const start = (Atomics.load(this.#cells, this.#read) + removed) | 0;
    kept.forEach((byte, index) => {
      this.#bytes[(start + index) & (this.#bytes.length - 1)] = byte;
    });
    this.release(removed);
    return true;
  }

  includes(value: number): boolean {
    return this.peek(this.length).includes(value);
  }

  /** Ends the wait of a reader, who then looks around. */
  nudge(): void {
    Atomics.notify(this.#cells, this.#written);
  }

  /** Blocks until there is more than `seen` bytes; `false` at the deadline. */
  waitForMore(seen: number, timeoutMs: number): boolean {
    const written = Atomics.load(this.#cells, this.#written);
    if (this.length > seen) return true;
    Atomics.wait(this.#cells, this.#written, written, timeoutMs);
    return this.length > seen;
  }

  /** Blocks until less than `limit` bytes are waiting. */
  waitForRoom(limit: number): void {
    for (;;) {
      const read = Atomics.load(this.#cells, this.#read);
      if (this.length < limit) return;
      Atomics.wait(this.#cells, this.#read, read);
    }
  }
}

/** Both ends use the same class: the worker reads `received` and writes `transmitted`, the wire's side the other way round. */
export class SharedConsole {
  readonly memory: SharedArrayBuffer;
  readonly received: Ring;
  readonly transmitted: Ring;
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(headerBytes + receiveBytes + transmitBytes)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory, 0, headerBytes / 4);
    const received = new Uint8Array(memory, headerBytes, receiveBytes);
    const transmitted = new Uint8Array(memory, headerBytes + receiveBytes, transmitBytes);
    this.received = new Ring(this.#cells, received, Cell.ReceiveRead, Cell.ReceiveWritten);
    this.transmitted = new Ring(this.#cells, transmitted, Cell.TransmitRead, Cell.TransmitWritten);
  }

  get activity(): Activity {
    return Atomics.load(this.#cells, Cell.Activity) as Activity;
  }

  set activity(activity: Activity) {
    Atomics.store(this.#cells, Cell.Activity, activity);
  }

  /** Ends a VM that waits at its prompt: {@link SharedConsole.isSwitchedOff}. */
  switchOff(): void {
    Atomics.store(this.#cells, Cell.SwitchedOff, 1);
    this.received.nudge();
  }

  get isSwitchedOff(): boolean {
    return Atomics.load(this.#cells, Cell.SwitchedOff) === 1;
  }

  /** The byte that interrupts the program, as last seen; -1 where none does. */
  get interruptChar(): number {
    return Atomics.load(this.#cells, Cell.InterruptChar);
  }

  set interruptChar(byte: number) {
    Atomics.store(this.#cells, Cell.InterruptChar, byte);
  }

  /**
   * How many bytes may wait for the VM. On the chip a program that waits in a read takes each byte out of the ring as it comes;
   * here its thread may be late, and what it waits for is kept for it.
   */
  get receiveLimit(): number {
    const expected = Atomics.load(this.#cells, Cell.ReadUntil) - Atomics.load(this.#cells, Cell.ReceiveRead);
    return stdinRingBytes + Math.max(0, expected | 0);
  }

  /** The program waits for so many bytes; 0: for none any more. */
  expectInput(count: number): void {
    const read = Atomics.load(this.#cells, Cell.ReceiveRead);
    Atomics.store(this.#cells, Cell.ReadUntil, (read + count) | 0);
  }

  /** How many bytes may wait for the wire before a program that prints has to wait, as for a real transmitter. */
  get transmitLimit(): number {
    return Atomics.load(this.#cells, Cell.TransmitLimit);
  }

  set transmitLimit(limit: number) {
    Atomics.store(this.#cells, Cell.TransmitLimit, Math.min(limit, transmitBytes));
  }

  /** The wire's side has seen all there is and wants to be told of the next byte. Ask first, then look. */
  askForOutput(): void {
    Atomics.store(this.#cells, Cell.WantsOutput, 1);
  }

  /** Whether the wire's side must be told of output now; yes once per {@link askForOutput}. */
  mustTellOutput(): boolean {
    return Atomics.exchange(this.#cells, Cell.WantsOutput, 0) === 1;
  }

  /** The wire's side holds input back and wants to be told when the stdin ring has room. Ask first, then look. */
  askForRoom(): void {
    Atomics.store(this.#cells, Cell.WantsRoom, 1);
  }

  mustTellRoom(): boolean {
    return Atomics.exchange(this.#cells, Cell.WantsRoom, 0) === 1;
  }
}
