import { cpuRates, type CpuMhz } from './cpu-rates.js';

/** What MicroPython sets on an ESP32 as it starts. */
export const usualCpuMhz: CpuMhz = 160;

const usPerMs = 1000;
/** Shorter than this a thread cannot reliably be put to sleep. */
const shortestSleepMs = 1;

/**
 * What {@link sampleCode} takes on a chip at 240 MHz, in ms. What a chip is slower at differs: 20 times, on the computer this was measured on, for
 * what is mostly calls (a chip does 1661 pystones in a second: MicroPython's issue 5673), and 6 times for a loop that adds (500,000 in
 * a second: MicroPython_K210_LoBo's issue 1). The sample lies in the middle, so it is right to a factor of two.
 */
const sampleMs = 13;
const sampleMhz = 240;

/** Calls, arithmetic, attributes and lists, as programs have them. */
export const sampleCode = `
def _sample():
    class Counter:
        def __init__(self):
            self.count = 0
        def add(self, value):
            self.count += value
            return self.count
    counter, values = Counter(), [0] * 16
    for i in range(500):
        values[i & 15] = counter.add(i) % 7
        if values[(i + 3) & 15] > 3:
            counter.count -= values[i & 7]
_sample()
`;

/** V8 compiles what runs often anew, and faster: so long the sample is repeated, and so often, where the computer has other things to do. */
const warmUpMs = 150;
const warmUpCount = 80;

/** How a thread is held up. */
export interface Holding {
  /** Sleeps; `false` when Ctrl-C or a callback that is due came first. */
  sleepMs(durationMs: number): boolean;
}

/**
 * Has the VM take the time that a chip's would: what it has done faster it owes, and it pays where somebody may notice, whenever it asks
 * for anything of the machine underneath: the time, a pin, the console. Nothing can hold it up in between; so where Ctrl-C or a callback comes first
 * it owes nothing any more.
 */
export class ChipPace {
  readonly #isPaced: boolean;
  readonly #now: () => number;
  /** On a chip of {@link sampleMhz} everything takes so many times as long. */
  #slowness = 1;
  #mhz: CpuMhz;
  #sinceMs: number | undefined;
  #owedMs = 0;
  #isFree = false;
  /** Not there until the board is. */
  holding: Holding = { sleepMs: () => true };

  /** @param mhz undefined: the VM runs as fast as it can */
  constructor(mhz?: CpuMhz, now: () => number = () => performance.now()) {
    this.#isPaced = mhz !== undefined;
    this.#mhz = mhz ?? usualCpuMhz;
    this.#now = now;
  }

  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    cpu_mhz: (mhz) => {
      const known = cpuRates.find((each) => each === mhz);
      if (known !== undefined) this.#mhz = known;
      return this.#mhz;
    },
  };

  /** Finds out how fast this computer is. `runSample` runs {@link sampleCode} once. */
  measure(runSample: () => void): void {
    if (!this.#isPaced || this.#slowness !== 1) return;
    const startMs = this.#now();
    let fastestMs = Infinity;
    for (let count = 0; count < warmUpCount || this.#now() - startMs < warmUpMs; count += 1) {
      const beganMs = this.#now();
      runSample();
      fastestMs = Math.min(fastestMs, this.#now() - beganMs);
    }
    this.#slowness = sampleMs / fastestMs;
    this.#owedMs = 0;
  }

  /** What is done until `end` takes a chip no time: it has in its firmware what is loaded here. */
  beginFree(): void {
    this.#isFree = true;
  }

  endFree(): void {
    this.#isFree = false;
  }

  /** Ctrl-C has come: nothing is owed for what it ends. */
  forgive(): void {
    this.#owedMs = 0;
    if (this.#sinceMs !== undefined) this.#sinceMs = this.#now();
  }

  /** From now on the VM runs. */
  enter(): void {
    if (this.#isPaced) this.#sinceMs = this.#now();
  }

  /** … and until now. */
  leave(): void {
    if (this.#sinceMs === undefined) return;
    const factor = (this.#slowness * sampleMhz) / this.#mhz - 1;
    if (!this.#isFree) this.#owedMs += (this.#now() - this.#sinceMs) * Math.max(0, factor);
    this.#sinceMs = undefined;
  }

  /** The VM, which is not running, pays what it owes, but for what is too short to sleep. */
  pay(): void {
    if (this.#owedMs < shortestSleepMs) return;
    const startMs = this.#now();
    const hasSlept = this.holding.sleepMs(this.#owedMs);
    this.#owedMs = hasSlept ? this.#owedMs - (this.#now() - startMs) : 0;
  }

  /** The time, for a program that asks for it: in microseconds, when it has paid all it owes. */
  nowUs(): number {
    const wasRunning = this.#sinceMs !== undefined;
    this.leave();
    this.pay();
    const endMs = this.#now() + Math.max(0, this.#owedMs);
    while (this.#now() < endMs);
    this.#owedMs = Math.min(0, this.#owedMs);
    if (wasRunning) this.enter();
    return this.#now() * usPerMs;
  }
}
