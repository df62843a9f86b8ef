import type { MicroPythonExports } from './emscripten.js';
import { webAssembly } from './wasm.js';

/** The builtin functions that are given a finer clock: where their objects are in the VM's memory. */
export interface FineClockObjects {
  readonly sleepUs: number;
  readonly ticksUs: number;
}

/** Sleeps so many microseconds, or until Ctrl-C. */
type SleepUs = (durationUs: number) => void;

/**
 * A module that exports the functions it imports, `s` with one argument and `t` without: the only way to get a JavaScript function into
 * a table of wasm functions. In WebAssembly's binary format: types, imports, exports.
 */
const wrapper = Uint8Array.from([
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 10, 2, 0x60, 1, 0x7f, 1, 0x7f, 0x60, 0, 1, 0x7f],
  ...[2, 13, 2, 1, 0x65, 1, 0x73, 0, 0, 1, 0x65, 1, 0x74, 0, 1],
  ...[7, 9, 2, 1, 0x73, 0, 0, 1, 0x74, 0, 1],
]);

/** `MICROPY_PY_TIME_TICKS_PERIOD` less one. */
const ticksMask = 0x3fff_ffff;

/**
 * This build of MicroPython counts in whole milliseconds. On a board `time.sleep_us` and `time.ticks_us` are exact to a few microseconds, and
 * programs pace by them what they send.
 */
export function installFineClock(
  exports: MicroPythonExports,
  { sleepUs, ticksUs }: FineClockObjects,
  sleep: SleepUs,
): void {
  const table = exports.__indirect_function_table;
  const words = new Uint32Array(exports.memory.buffer);
  // mp_obj_fun_builtin_fixed_t { type, function }
  const [sleepIndex, ticksIndex] = [words[sleepUs / 4 + 1] ?? 0, words[ticksUs / 4 + 1] ?? 0];
  const coarseSleep = table.get(sleepIndex);
  const { exports: wrapped } = new webAssembly.Instance(new webAssembly.Module(wrapper), {
    e: {
      // A small integer is its double plus one; anything else is no number of microseconds, or a very large one.
      s: (duration: number) => {
        if ((duration & 1) === 0) return coarseSleep(duration);
        sleep(duration >> 1);
        return coarseSleep(1);
      },
      t: () => ((Math.floor(performance.now() * 1000) & ticksMask) << 1) | 1,
    },
  }) as { exports: Record<'s' | 't', (...args: number[]) => number> };
  table.set(sleepIndex, wrapped.s);
  table.set(ticksIndex, wrapped.t);
}
