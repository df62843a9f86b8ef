import type { MicroPythonExports } from '../wasm/emscripten.js';
import type { ChipPace } from './chip-pace.js';
import { wasmFunction } from '../wasm/wasm-function.js';

/** The builtin functions that are given a finer clock: where their objects are in the VM's memory. */
export interface FineClockObjects {
  readonly sleepUs: number;
  readonly ticksUs: number;
}

/** Sleeps so many microseconds, or until Ctrl-C. */
type SleepUs = (durationUs: number) => void;

/** `MICROPY_PY_TIME_TICKS_PERIOD` less one. */
const ticksMask = 0x3fff_ffff;

/**
 * This build of MicroPython counts in whole milliseconds. On a board `time.sleep_us` and `time.ticks_us` are exact to a few microseconds, and
 * programs pace by them what they send.
 */
export function installFineClock(
  exports: MicroPythonExports,
  { sleepUs, ticksUs }: FineClockObjects,
  pace: ChipPace,
  sleep: SleepUs,
): void {
  const table = exports.__indirect_function_table;
  const words = new Uint32Array(exports.memory.buffer);
  // mp_obj_fun_builtin_fixed_t { type, function }
  const [sleepIndex, ticksIndex] = [words[sleepUs / 4 + 1] ?? 0, words[ticksUs / 4 + 1] ?? 0];
  const coarseSleep = table.get(sleepIndex);
  const sleepFinely = (duration = 0): number => {
    // A small integer is its double plus one; anything else is no number of microseconds, or a very large one.
    if ((duration & 1) === 0) return coarseSleep(duration);
    pace.leave();
    pace.pay();
    sleep(duration >> 1);
    pace.enter();
    return coarseSleep(1);
  };
  const ticks = (): number => ((Math.floor(pace.nowUs()) & ticksMask) << 1) | 1;
  table.set(sleepIndex, wasmFunction(1, sleepFinely));
  table.set(ticksIndex, wasmFunction(0, ticks));
}
