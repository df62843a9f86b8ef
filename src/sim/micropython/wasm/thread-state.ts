/**
 * Where MicroPython keeps its state (`mp_state_ctx_t` of py/mpstate.h), as byte addresses. The two structures that matter, in the wasm that the
 * package brings: the thread's comes first, the memory's is behind the table of root pointers.
 */
export interface StateAddresses {
  /** Start and end of the part of the Python stack that is in use. */
  readonly pystackStart: number;
  readonly pystackCurrent: number;
  /** 16 bits: the lowest says that garbage is being collected. */
  readonly gcLock: number;
  readonly nlrTop: number;
  readonly gcStackOverflow: number;
  /** 16 bits. */
  readonly gcIsAutomatic: number;
  /** What was allocated since garbage was collected last, and when it is to be the next time; in blocks. */
  readonly gcAllocAmount: number;
  readonly gcAllocThreshold: number;
}

const wordBytes = 4;
const pystackOffset = 8;
/** What ports/webassembly/main.c sets at its start, in blocks: how the threshold is known for one. */
const initialThreshold = 1024;

/** @throws Error where this is another MicroPython */
export function findState(words: Uint32Array, pystackBytes: number): StateAddresses {
  const base = findPystack(words, pystackBytes) * wordBytes - pystackOffset;
  const state = {
    pystackStart: base + pystackOffset,
    pystackCurrent: base + 16,
    gcLock: base + 20,
    nlrTop: base + 32,
    gcStackOverflow: base + 416,
    gcIsAutomatic: base + 932,
    gcAllocAmount: base + 936,
    gcAllocThreshold: base + 940,
  };
  if (words[state.gcAllocThreshold / wordBytes] !== initialThreshold)
    throw new Error("the garbage collector's state was not found in the memory of the VM");
  return state;
}

/** The word of `pystack_start`: start and end are that far apart, and behind them is a place between the two. */
function findPystack(words: Uint32Array, pystackBytes: number): number {
  for (let at = 0; at + 2 < words.length; at += 1) {
    const start = words[at] ?? 0;
    const end = words[at + 1] ?? 0;
    const current = words[at + 2] ?? 0;
    if (start !== 0 && end - start === pystackBytes && current >= start && current < end) return at;
  }
  throw new Error("the VM's state was not found in its memory");
}
