import type { BoardHeap } from './board-heap.js';
import type { MicroPythonExports, WasmImports } from './wasm/emscripten.js';

type Invoke = (...args: number[]) => number;

/** `call` in the slots of `mp_obj_type_t` (py/obj.h): base, flags and name, eleven slot numbers of a byte, the slots. */
const callSlotByte = 10;
const slotsByte = 20;

/** Addresses of Python functions that raise, and of None. */
export interface VmObjects {
  readonly tooDeep: number;
  readonly noMemory: number;
  /** Raises what was {@link VmCalls.raiseLater}. */
  readonly kept: number;
  readonly none: number;
}

/** How many arguments `__exit__` has. */
const exitArguments = 3;

const noFunction: Invoke = () => 0;

/**
 * Stands at the calls that C can catch a long jump of (Emscripten's `invoke_…`); all calls of the interpreter are among them. Looks after
 * what a board has and this build of MicroPython has not, and raises where they are at their end.
 *
 * A C stack that is full is a RuntimeError. Nothing watches the stack (`MICROPY_STACK_CHECK` is 0), so V8 ends the recursion with a
 * RangeError, which passes by MicroPython's own handlers: it is caught at the innermost such call. A heap that is full is a MemoryError.
 */
export class VmCalls {
  #invokeWith4: Invoke = noFunction;
  #exports: MicroPythonExports | undefined;
  #memory = new Uint32Array(0);
  /** Where `MP_STATE_THREAD(nlr_top)` is, as a word of the memory. */
  #nlrTop = 0;
  #heap: BoardHeap | undefined;
  #none = 0;
  #raiseTooDeep: (() => void) | undefined;
  #raiseNoMemory: (() => void) | undefined;
  #raiseKept: (() => void) | undefined;
  #isKept = false;

  watch(env: Record<string, Invoke>): WasmImports[string] {
    const watched = { ...env };
    const invokeWith4 = env['invoke_iiiii'];
    if (invokeWith4 === undefined) return watched;
    for (const [name, invoke] of Object.entries(env)) {
      if (name.startsWith('invoke_')) watched[name] = (...args) => this.#invoke(invoke, args);
    }
    const { invoke_iiii: callWith3 } = env;
    watched['invoke_iiii'] = (...args) =>
      this.#isExit(args) ? this.#withoutCollecting(callWith3, args) : this.#invoke(callWith3, args);
    this.#invokeWith4 = invokeWith4;
    return watched;
  }

  /** From here on a full stack raises, and `heap` is asked after each call. */
  attach(exports: MicroPythonExports, heap: BoardHeap, { none, ...raisers }: VmObjects): void {
    this.#exports = exports;
    this.#heap = heap;
    this.#none = none;
    this.#nlrTop = heap.state.nlrTop / Uint32Array.BYTES_PER_ELEMENT;
    this.#raiseTooDeep = this.#raiser(raisers.tooDeep);
    this.#raiseNoMemory = this.#raiser(raisers.noMemory);
    this.#raiseKept = this.#raiser(raisers.kept);
  }

  /** The call that the interpreter is in ends with an exception, which C code could not be told of. */
  raiseLater(): void {
    this.#isKept = true;
  }

  /** The computer gives no more memory: MicroPython raises by itself. */
  tellNoMemory(): void {
    this.#heap?.forgive();
  }

  #raiser(raise: number): () => void {
    const words = this.#words;
    const type = words[raise / 4] ?? 0;
    const bytes = new Uint8Array(words.buffer);
    const slot = bytes[type + callSlotByte] ?? 0;
    const call = words[(type + slotsByte) / 4 + slot - 1] ?? 0;
    return () => this.#invokeWith4(call, raise, 0, 0, 0);
  }

  #invoke(invoke: Invoke = noFunction, args: number[]): number {
    if (this.#heap === undefined) return invoke(...args);
    const handler = this.#words[this.#nlrTop] ?? 0;
    try {
      const result = invoke(...args) as number | undefined;
      // There is none where something jumped out of the call.
      if (this.#isKept) {
        this.#isKept = false;
        if (result !== undefined) this.#raiseKept?.();
        return 0;
      }
      if (result === undefined || !this.#heap.isExceeded(result)) return result ?? 0;
      this.#raiseNoMemory?.();
      return 0;
    } catch (error) {
      if (!isFullStack(error)) throw error;
      // Who is left behind has set up handlers that are no more.
      this.#words[this.#nlrTop] = handler;
      this.#raiseTooDeep?.();
      return 0;
    }
  }

  /** `__exit__(None, None, None)`: what `return` gives back from within `with` is nowhere else meanwhile. */
  #isExit([, count, keywords, args = 0]: readonly number[]): boolean {
    if (count !== exitArguments || keywords !== 0) return false;
    const words = this.#words.subarray(args / 4 + 2, args / 4 + 2 + exitArguments);
    return words.every((each) => each === this.#none);
  }

  #withoutCollecting(invoke: Invoke | undefined, args: number[]): number {
    if (this.#heap === undefined) return this.#invoke(invoke, args);
    this.#heap.holds += 1;
    try {
      return this.#invoke(invoke, args);
    } finally {
      this.#heap.holds -= 1;
    }
  }

  /** Anew when the memory has grown: then the old view is empty. */
  get #words(): Uint32Array {
    if (this.#memory.length === 0 && this.#exports !== undefined)
      this.#memory = new Uint32Array(this.#exports.memory.buffer);
    return this.#memory;
  }
}

function isFullStack(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}
