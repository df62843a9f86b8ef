import type { MicroPythonExports, WasmImports } from './emscripten.js';

type Invoke = (...args: number[]) => number;

/** Words of `mp_state_thread_t` (py/mpstate.h) from `pystack_start` on. */
const nlrTopWord = 6;
/** `call` in the slots of `mp_obj_type_t` (py/obj.h): base, flags and name, eleven slot numbers of a byte, the slots. */
const callSlotByte = 10;
const slotsByte = 20;

/**
 * Makes of a C stack that is full what a board makes of it: a RuntimeError. This build of MicroPython does not watch its stack
 * (`MICROPY_STACK_CHECK` is 0), so V8 ends the recursion with a RangeError, which passes by MicroPython's own handlers. It is
 * caught at the innermost place where C can catch a long jump (Emscripten's `invoke_…`), and there a Python function raises.
 */
export class CStack {
  #exports: MicroPythonExports | undefined;
  /** Where `MP_STATE_THREAD(nlr_top)` is, as a word of the memory. */
  #nlrTop = 0;
  #raise: (() => void) | undefined;

  /** Watches the C functions that are called where something may jump out of them. */
  watch(env: Record<string, Invoke>): WasmImports[string] {
    const watched = { ...env };
    const invokeWith4 = env['invoke_iiiii'];
    if (invokeWith4 === undefined) return watched;
    for (const [name, invoke] of Object.entries(env)) {
      if (name.startsWith('invoke_')) watched[name] = (...args) => this.#invoke(invoke, args);
    }
    this.#invokeWith4 = invokeWith4;
    return watched;
  }

  #invokeWith4: Invoke = () => 0;

  /** From here on `raise` (the address of a Python function that raises) ends a recursion. */
  attach(exports: MicroPythonExports, pystackBytes: number, raise: number): void {
    const words = new Uint32Array(exports.memory.buffer);
    this.#exports = exports;
    this.#nlrTop = findThreadState(words, pystackBytes) + nlrTopWord;
    const type = words[raise / 4] ?? 0;
    const bytes = new Uint8Array(exports.memory.buffer);
    const slot = bytes[type + callSlotByte] ?? 0;
    const call = words[(type + slotsByte) / 4 + slot - 1] ?? 0;
    this.#raise = () => this.#invokeWith4(call, raise, 0, 0, 0);
  }

  #invoke(invoke: Invoke, args: number[]): number {
    if (this.#exports === undefined) return invoke(...args);
    const handler = new Uint32Array(this.#exports.memory.buffer)[this.#nlrTop] ?? 0;
    try {
      return invoke(...args);
    } catch (error) {
      if (!isFullStack(error) || this.#raise === undefined) throw error;
      // Who is left behind has set up handlers that are no more.
      new Uint32Array(this.#exports.memory.buffer)[this.#nlrTop] = handler;
      this.#raise();
      return 0;
    }
  }
}

function isFullStack(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** The word of `pystack_start`: start and end are that far apart, and behind them is a place between the two. */
function findThreadState(words: Uint32Array, pystackBytes: number): number {
  for (let at = 0; at + 2 < words.length; at += 1) {
    const start = words[at] ?? 0;
    const end = words[at + 1] ?? 0;
    const current = words[at + 2] ?? 0;
    if (start !== 0 && end - start === pystackBytes && current >= start && current < end) return at;
  }
  throw new Error("the VM's state was not found in its memory");
}
