import { gpioCount, highMv } from './gpio-numbers.js';
import type { PinReport } from './pin-report.js';

/** `Pin.IN`, `Pin.OUT` and `Pin.OPEN_DRAIN` of ports/esp32, and what else a pin can be. */
export const PinMode = { unused: 0, input: 1, output: 3, openDrain: 7, analog: 8, pwm: 16, dac: 32 } as const;
/** `Pin.PULL_DOWN` and `Pin.PULL_UP`. */
export const Pull = { none: 0, down: 1, up: 2 } as const;

/** What the program sets a pin to; what is left out stays. */
export interface PinSettings {
  readonly mode?: number;
  readonly pull?: number;
  /** The level it drives as an output. */
  readonly latch?: number;
  readonly pwmHz?: number;
  /** Of 65536. */
  readonly pwmDuty?: number;
  readonly dacMv?: number;
}

enum Cell {
  /** Millivolts from outside, plus one; 0: nothing is connected. */
  Connected,
  Mode,
  Pull,
  Latch,
  PwmHz,
  PwmDuty,
  DacMv,
}

const cellsPerPin = 8;
const firstQueueCell = gpioCount * cellsPerPin;
/** Changes that nobody has taken yet: what goes beyond is lost, as with the chip's queue of callbacks. */
const queueLength = 64;
const writtenCell = firstQueueCell + queueLength;
const readCell = writtenCell + 1;
const byteLength = (readCell + 1) * 4;

const highFromMv = highMv / 2;
/** What is on while nothing is connected and the program has not changed it: the strapping pins' pulls (ESP32 datasheet, 2.4). */
const pullsAtReset = new Map<number, number>([
  [0, Pull.up],
  [2, Pull.down],
  [5, Pull.up],
  [12, Pull.down],
  [15, Pull.up],
]);
/** Resistors and wires of the board itself: BOOT's pull-up and the idle serial line. */
const highByBoard = [0, 1, 3];

/** Something outside was connected to a pin, or taken away. */
export interface PinChange {
  readonly gpio: number;
  /** Undefined: taken away. */
  readonly connectedMv: number | undefined;
}

/**
 * The chip's pins between the thread that owns the board (what is connected to them) and the thread that runs the program (what it
 * does with them), in one SharedArrayBuffer: both see the other's side at once, whether the other is busy or waits.
 */
export class PinPanel {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(byteLength)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** From outside: a voltage is connected to the pin; undefined takes it away. */
  connect(gpio: number, connectedMv: number | undefined): void {
    const value = connectedMv === undefined ? 0 : connectedMv + 1;
    this.#set(gpio, Cell.Connected, value);
    const written = Atomics.load(this.#cells, writtenCell);
    if (written - Atomics.load(this.#cells, readCell) >= queueLength) return;
    const change = value * gpioCount + gpio;
    Atomics.store(this.#cells, firstQueueCell + (written % queueLength), change);
    Atomics.store(this.#cells, writtenCell, written + 1);
  }

  /** Whether {@link takeChanges} would give any. */
  get hasChanges(): boolean {
    return Atomics.load(this.#cells, writtenCell) !== Atomics.load(this.#cells, readCell);
  }

  /** For the program's side: what has changed outside since the last call, in order. */
  takeChanges(): PinChange[] {
    const changes: PinChange[] = [];
    for (let at = Atomics.load(this.#cells, readCell); at < Atomics.load(this.#cells, writtenCell); at += 1) {
      const change = Atomics.load(this.#cells, firstQueueCell + (at % queueLength));
      const value = Math.floor(change / gpioCount);
      changes.push({ gpio: change % gpioCount, connectedMv: value === 0 ? undefined : value - 1 });
      Atomics.store(this.#cells, readCell, at + 1);
    }
    return changes;
  }

  connectedMv(gpio: number): number | undefined {
    const value = this.#get(gpio, Cell.Connected);
    return value === 0 ? undefined : value - 1;
  }

  /** The chip was reset: no program uses its pins. */
  resetProgram(): void {
    this.takeChanges();
    for (let gpio = 0; gpio < gpioCount; gpio += 1) {
      for (const cell of [Cell.Mode, Cell.Latch, Cell.PwmHz, Cell.PwmDuty, Cell.DacMv])
        this.#set(gpio, cell, 0);
      this.#set(gpio, Cell.Pull, pullsAtReset.get(gpio) ?? Pull.none);
    }
  }

  configure(gpio: number, { mode, pull, latch, pwmHz, pwmDuty, dacMv }: PinSettings): void {
    const cells: readonly (readonly [Cell, number | undefined])[] = [
      [Cell.Mode, mode],
      [Cell.Pull, pull],
      [Cell.Latch, latch],
      [Cell.PwmHz, pwmHz],
      [Cell.PwmDuty, pwmDuty],
      [Cell.DacMv, dacMv],
    ];
    for (const [cell, value] of cells) if (value !== undefined) this.#set(gpio, cell, value);
  }

  mode(gpio: number): number {
    return this.#get(gpio, Cell.Mode);
  }

  latch(gpio: number): number {
    return this.#get(gpio, Cell.Latch);
  }

  /** Whether the pin is high. */
  level(gpio: number): 0 | 1 {
    return this.levelWith(gpio, this.connectedMv(gpio));
  }

  /** The same for another voltage: what drives the pin wins over what is connected, and that over pull resistors. */
  levelWith(gpio: number, connectedMv: number | undefined): 0 | 1 {
    const mode = this.mode(gpio);
    const latch = this.latch(gpio) === 0 ? 0 : 1;
    if (mode === PinMode.output) return latch;
    if (mode === PinMode.openDrain && latch === 0) return 0;
    if (mode === PinMode.pwm) return this.#get(gpio, Cell.PwmDuty) >= 32_768 ? 1 : 0;
    if (mode === PinMode.dac) return this.#get(gpio, Cell.DacMv) >= highFromMv ? 1 : 0;
    if (connectedMv !== undefined) return connectedMv >= highFromMv ? 1 : 0;
    const pull = this.#pull(gpio);
    return pull === Pull.up || (pull !== Pull.down && highByBoard.includes(gpio)) ? 1 : 0;
  }

  report(gpio: number): PinReport {
    const mode = this.mode(gpio);
    const pull = this.#pull(gpio);
    const connectedMv = this.connectedMv(gpio);
    const pwm = {
      frequencyHz: this.#get(gpio, Cell.PwmHz),
      dutyPercent: Math.round(this.#get(gpio, Cell.PwmDuty) / 65.536) / 10,
    };
    return {
      gpio,
      mode: modeNames.get(mode) ?? 'unused',
      ...(pull === Pull.up || pull === Pull.down ? { pull: pull === Pull.up ? 'up' : 'down' } : {}),
      level: this.level(gpio) === 1 ? 'high' : 'low',
      ...(connectedMv === undefined ? {} : { connectedMv }),
      ...(mode === PinMode.pwm ? { pwm } : {}),
      ...(mode === PinMode.dac ? { dacMv: this.#get(gpio, Cell.DacMv) } : {}),
    };
  }

  /** GPIO34 to GPIO39 have no pull resistors, whatever a program asks for. */
  #pull(gpio: number): number {
    return gpio >= 34 ? Pull.none : this.#get(gpio, Cell.Pull);
  }

  #get(gpio: number, cell: Cell): number {
    return Atomics.load(this.#cells, gpio * cellsPerPin + cell);
  }

  #set(gpio: number, cell: Cell, value: number): void {
    Atomics.store(this.#cells, gpio * cellsPerPin + cell, value);
  }
}

const modeNames: ReadonlyMap<number, PinReport['mode']> = new Map<number, PinReport['mode']>([
  [PinMode.unused, 'unused'],
  [PinMode.input, 'input'],
  [PinMode.output, 'output'],
  [PinMode.openDrain, 'open-drain'],
  [PinMode.analog, 'analog'],
  [PinMode.pwm, 'pwm'],
  [PinMode.dac, 'dac'],
]);
