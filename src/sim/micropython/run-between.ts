import type { MicroPythonExports } from './wasm/emscripten.js';

/** A value on its way between MicroPython and JavaScript: three words (proxy_c.c). */
const resultBytes = 12;

/** Runs Python in between, on top of whatever the VM is doing. `source` handles its own exceptions. */
export function runBetween(exports: MicroPythonExports, source: string): void {
  const bytes = new TextEncoder().encode(`${source}\0`);
  const code = exports.malloc(bytes.length);
  const result = exports.malloc(resultBytes);
  new Uint8Array(exports.memory.buffer).set(bytes, code);
  exports.mp_js_do_exec(code, bytes.length - 1, result);
  exports.free(code);
  exports.free(result);
}
