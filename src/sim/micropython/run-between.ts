import type { MicroPythonExports } from './wasm/emscripten.js';

/** A value on its way between MicroPython and JavaScript: its kind, and two words (proxy_c.c). */
const resultBytes = 12;
/** The kind of an exception; behind it come the length of its text and where that is. */
const exceptionKind = -1;

/**
 * Runs Python in between, on top of whatever the VM is doing. `source` handles its own exceptions, but for Ctrl-C: what came while it ran is meant
 * for the program below it.
 */
export function runBetween(exports: MicroPythonExports, source: string): void {
  const bytes = new TextEncoder().encode(`${source}\0`);
  const code = exports.malloc(bytes.length);
  const result = exports.malloc(resultBytes);
  new Uint8Array(exports.memory.buffer).set(bytes, code);
  exports.mp_js_do_exec(code, bytes.length - 1, result);
  const [kind, length = 0, text = 0] = new Int32Array(exports.memory.buffer, result, 3);
  exports.free(code);
  exports.free(result);
  if (kind !== exceptionKind) return;
  const said = new TextDecoder().decode(new Uint8Array(exports.memory.buffer, text, length));
  exports.free(text);
  if (said.startsWith('KeyboardInterrupt')) exports.mp_sched_keyboard_interrupt();
}
