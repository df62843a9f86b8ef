import { longWaitMs } from './board-console.js';
import type { MicroPythonExports } from './emscripten.js';
import type { Vm } from './vm.js';

const fire = new TextEncoder().encode('__import__("machine").Timer._fire()\0');
/** A value on its way between MicroPython and JavaScript: three words (proxy_c.c). */
const resultBytes = 12;

/**
 * `machine.Timer`: callbacks run while the program waits (sleeps, polls, or is at the prompt), as scheduled callbacks do on a board;
 * a program that computes without a pause holds them up.
 */
export class BoardTimers {
  #dueAtMs: number | undefined;

  set(dueInMs: number | undefined): void {
    this.#dueAtMs = dueInMs === undefined ? undefined : performance.now() + dueInMs;
  }

  /** @returns milliseconds until there may be more to do */
  fireDue(vm: Vm): number {
    if (this.#waitMs() <= 0) {
      // The callbacks may wait too, and must not be called from within themselves.
      this.#dueAtMs = undefined;
      execute(vm.exports, fire);
    }
    return Math.min(longWaitMs, Math.max(1, this.#waitMs()));
  }

  #waitMs(): number {
    return (this.#dueAtMs ?? Infinity) - performance.now();
  }
}

/** Runs Python in between, on top of whatever the VM is doing. The source ends with NUL and handles its own exceptions. */
function execute(exports: MicroPythonExports, source: Uint8Array): void {
  const code = exports.malloc(source.length);
  const result = exports.malloc(resultBytes);
  new Uint8Array(exports.memory.buffer).set(source, code);
  exports.mp_js_do_exec(code, source.length - 1, result);
  exports.free(code);
  exports.free(result);
}
