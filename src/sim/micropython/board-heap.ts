import type { MicroPythonExports } from './wasm/emscripten.js';
import type { StateAddresses } from './wasm/thread-state.js';
import { wasmFunction } from './wasm/wasm-function.js';
import { wasmFrames } from './wasm/wasm-frames.js';

/** The builtin functions of module `gc` that are the board's: where their objects are in the VM's memory. */
export interface HeapObjects {
  readonly collect: number;
  readonly memFree: number;
  readonly memAlloc: number;
}

const wordBytes = 4;
const blockBytes = 16;
const isCollectingBit = 1;
/** `MP_STATE_MEM(gc_alloc_threshold)` of one that was not set. */
const noThreshold = 0xffff_ffff;
/** How much may be allocated from one look at what is used to the next, where memory is nearly full. */
const minLookBytes = 1024;
/** The same after it was not possible to collect. */
const retryBytes = 16 * 1024;
/** What an exception handler may use of what is over the limit, before it meets the next MemoryError. */
const reserveBytes = 8 * 1024;

const small = (value: number): number => (value << 1) | 1;

/** What the board's start-up code shows of the heap. */
export interface LearnedHeap {
  readonly state: StateAddresses;
  /** The function that is MicroPython's interpreter, and the calls that may be on the stack while garbage is collected. */
  readonly interpreter: string | undefined;
  readonly safeCallers: readonly string[];
  /** What the board's own modules take. */
  readonly ownBytes: number;
}

/**
 * A heap of a chip's size. This build of MicroPython lets its heap grow and collects garbage between two commands only, when no C function
 * has a pointer to anything. Here it is also collected after anything that the interpreter calls (`VmCalls` sees each such call): what Python
 * functions have is in memory, and of the C functions in between it is known whether they have something of their own; where one of
 * those has (`list(generator)`), collecting waits. What the board's own modules take, which are C on a board, does not count.
 */
export class BoardHeap {
  readonly #exports: MicroPythonExports;
  readonly state: StateAddresses;
  readonly #limitBytes: number;
  #interpreter: string | undefined;
  readonly #safe: Set<string>;
  /** So many callers have something that is nowhere else. */
  holds = 0;
  #usedOfAll: () => number = () => 0;
  #words = new Uint32Array(0);
  #ownBytes: number;
  #ownBytesBefore: number | undefined;
  #ownDepth = 0;
  #isLearning: boolean;
  #isWanted = false;
  /** The next look at what is used is when so many blocks were allocated. */
  #lookAt = noThreshold;
  #allocated = 0;
  #reserve = 0;
  /** What was allocated last. */
  #missingBytes = 0;

  /** Of a board that has so many bytes of it. Before anything is known but the state, what is on the stack at a `gc.collect()` is learned. */
  constructor(
    exports: MicroPythonExports,
    limitBytes: number,
    { state, interpreter, safeCallers = [], ownBytes }: Pick<LearnedHeap, 'state'> & Partial<LearnedHeap>,
  ) {
    this.#exports = exports;
    this.#limitBytes = limitBytes;
    this.state = state;
    this.#interpreter = interpreter;
    this.#safe = new Set(safeCallers);
    this.#isLearning = ownBytes === undefined;
    this.#ownBytes = ownBytes ?? 0;
    this.#memory[this.state.gcAllocThreshold / wordBytes] = noThreshold;
    if (!this.#isLearning) this.#lookAt = 0;
  }

  /** What device/sim/_modules.py tells: from when to when a module of the board's own is loaded. */
  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    own_begin: () => {
      this.#ownDepth += 1;
      this.#ownBytesBefore ??= this.#usedOfAll();
    },
    own_end: () => {
      this.#ownDepth -= 1;
      // One such module may load another.
      if (this.#ownDepth > 0) return;
      this.#ownBytes += this.#usedOfAll() - (this.#ownBytesBefore ?? this.#usedOfAll());
      this.#ownBytesBefore = undefined;
      this.#lookAt = 0;
    },
    memory_missing: () => this.#missingBytes,
  };

  /** Takes the functions of module `gc` over. */
  attach({ collect, memFree, memAlloc }: HeapObjects): void {
    const table = this.#exports.__indirect_function_table;
    // mp_obj_fun_builtin_fixed_t { type, function }
    const indexOf = (object: number): number => this.#memory[object / wordBytes + 1] ?? 0;
    const countAll = table.get(indexOf(memAlloc));
    const flag = table.get(indexOf(collect));
    this.#usedOfAll = () => countAll() >> 1;
    const want = (): number => {
      this.#isWanted = true;
      return flag();
    };
    table.set(indexOf(collect), wasmFunction(0, want));
    table.set(
      indexOf(memAlloc),
      wasmFunction(0, () => small(this.#usedBytes)),
    );
    table.set(
      indexOf(memFree),
      wasmFunction(0, () => small(Math.max(0, this.#limitBytes - this.#usedBytes))),
    );
  }

  /** What is allocated from here on is a program's. Nothing may run. */
  learned(): LearnedHeap {
    this.#collect(0);
    return {
      state: this.state,
      interpreter: this.#interpreter,
      safeCallers: [...this.#safe],
      ownBytes: this.#usedOfAll(),
    };
  }

  /** The computer's own limit is reached: a MemoryError is on its way, and is not to be followed by another one. */
  forgive(): void {
    this.#reserve = Infinity;
  }

  /** Asked after every call of the interpreter's that gives something back: `result` is nowhere else yet. */
  isExceeded(result: number): boolean {
    const memory = this.#memory;
    const allocated = memory[this.state.gcAllocAmount / wordBytes] ?? 0;
    const before = this.#allocated;
    this.#allocated = allocated;
    const isDue = allocated >= this.#lookAt || allocated < before || this.#isWanted;
    if (this.#isLearning && !this.#isWanted) return false;
    if (!isDue && allocated < (memory[this.state.gcAllocThreshold / wordBytes] ?? 0)) return false;
    if (((memory[this.state.gcLock / wordBytes] ?? 0) & isCollectingBit) !== 0) return false;
    this.#missingBytes = (allocated - before) * blockBytes;
    return this.#lookClosely(allocated, result);
  }

  #lookClosely(allocated: number, result: number): boolean {
    const memory = this.#memory;
    const isAsked = this.#isWanted || allocated >= (memory[this.state.gcAllocThreshold / wordBytes] ?? 0);
    const isAutomatic = ((memory[this.state.gcIsAutomatic / wordBytes] ?? 0) & 0xffff) !== 0;
    this.#isWanted = false;
    if (!isAsked && this.#fits()) return false;
    if ((isAsked || isAutomatic) && !this.#collectWhereSafe(result)) {
      this.#lookIn(retryBytes);
      return this.#missingBytes > this.#limitBytes;
    }
    if (this.#fits()) return false;
    this.#reserve = this.#usedBytes - this.#limitBytes + reserveBytes;
    this.#lookIn(reserveBytes);
    return true;
  }

  /** Whether memory is enough; if so, the next look is when it may not be. */
  #fits(): boolean {
    const left = this.#limitBytes - this.#usedBytes;
    const isLoading = this.#ownBytesBefore !== undefined || this.#isLearning;
    if (this.#reserve === Infinity) this.#reserve = reserveBytes - left;
    if (left >= 0) this.#reserve = 0;
    else if (!isLoading && left + this.#reserve < 0) return false;
    this.#lookIn(isLoading ? retryBytes : Math.max(minLookBytes, left, left + this.#reserve));
    return true;
  }

  #lookIn(bytes: number): void {
    this.#allocated = this.#memory[this.state.gcAllocAmount / wordBytes] ?? 0;
    this.#lookAt = this.#allocated + Math.ceil(bytes / blockBytes);
  }

  get #usedBytes(): number {
    return Math.max(0, this.#usedOfAll() - this.#ownBytes);
  }

  #collectWhereSafe(result: number): boolean {
    if (this.holds > 0) return false;
    const [interpreter, ...callers] = wasmFrames();
    if (this.#isLearning) {
      this.#interpreter = interpreter?.name;
      for (const { at } of callers) this.#safe.add(at);
      return true;
    }
    const isSafe = interpreter?.name === this.#interpreter && callers.every(({ at }) => this.#safe.has(at));
    if (!isSafe) return false;
    this.#collect(result);
    return true;
  }

  /** Marks what the Python stack and MicroPython's own tables lead to, then what the stack of C and `result` do; frees the rest. */
  #collect(result: number): void {
    const exports = this.#exports;
    const { pystackStart, pystackCurrent, gcStackOverflow } = this.state;
    const [start, current] = [pystackStart / wordBytes, pystackCurrent / wordBytes];
    const overflow = gcStackOverflow / wordBytes;
    const stack = exports.emscripten_stack_get_current();
    const top = exports._emscripten_stack_alloc(wordBytes);
    const memory = this.#memory;
    memory[top / wordBytes] = result;
    const range = [memory[start] ?? 0, memory[current] ?? 0] as const;
    exports.gc_collect_start();
    const hasOverflow = memory[overflow] ?? 0;
    [memory[start], memory[current]] = [top, exports.emscripten_stack_get_base()];
    exports.gc_collect_start();
    [memory[start], memory[current]] = range;
    memory[overflow] = (memory[overflow] ?? 0) | hasOverflow;
    exports.gc_collect_end();
    exports._emscripten_stack_restore(stack);
    this.#allocated = 0;
  }

  /** Anew when the memory has grown. */
  get #memory(): Uint32Array {
    if (this.#words.length === 0) this.#words = new Uint32Array(this.#exports.memory.buffer);
    return this.#words;
  }
}
