/** V8's words for a function of a wasm that has no names, and where in the wasm it is. */
const frame = /wasm-function\[(?<name>\d+)\]:(?<at>0x[0-9a-f]+)/g;

export interface WasmFrame {
  /** The function's number. */
  readonly name: string;
  /** The place in it from where the next one is called. */
  readonly at: string;
}

/** The wasm functions that are running, the innermost first. */
export function wasmFrames(): WasmFrame[] {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = Infinity;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  return Array.from(stack.matchAll(frame), ({ groups: { name = '', at = '' } = {} }) => ({ name, at }));
}
