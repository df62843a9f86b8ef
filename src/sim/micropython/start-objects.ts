import type { HeapObjects } from './board-heap.js';
import type { FineClockObjects } from './clock/fine-clock.js';
import type { VmObjects } from './vm-calls.js';

/** The objects of the console: they stay where they are, and get other files. */
export interface ConsoleObjects {
  readonly stdin: number;
  readonly stdinBuffer: number;
  readonly stdout: number;
  readonly stdoutBuffer: number;
  readonly stderr: number;
}

/** MicroPython keeps these objects at fixed places in its memory, so they can be made the board's. */
export interface StartObjects {
  readonly raisers: VmObjects;
  readonly heap: HeapObjects;
  readonly console: ConsoleObjects;
  /** Strings that say what a board is: `sys.platform`, the machine, the build. */
  readonly names: readonly number[];
  readonly clock: FineClockObjects;
}

/** By the order in which device/sim/_start.py tells their addresses. */
export function objectsOf(addresses: readonly number[]): StartObjects {
  const [tooDeep = 0, noMemory = 0, kept = 0, none = 0, ...afterRaisers] = addresses;
  const [collect = 0, memFree = 0, memAlloc = 0, ...afterHeap] = afterRaisers;
  const [stdin = 0, stdinBuffer = 0, stdout = 0, stdoutBuffer = 0, stderr = 0, ...afterConsole] = afterHeap;
  const [platform = 0, machine = 0, build = 0, sleepUs = 0, ticksUs = 0] = afterConsole;
  return {
    raisers: { tooDeep, noMemory, kept, none },
    heap: { collect, memFree, memAlloc },
    console: { stdin, stdinBuffer, stdout, stdoutBuffer, stderr },
    names: [platform, machine, build],
    clock: { sleepUs, ticksUs },
  };
}
