import type { MicroPythonExports } from './emscripten.js';

const wordBytes = 4;

/** MicroPython's own number for an error of the network → that of the ESP32's C library (newlib), which its port uses. */
const newlibNumbers = new Map([
  [98, 112], // EADDRINUSE
  [103, 113], // ECONNABORTED
  [107, 128], // ENOTCONN
  [110, 116], // ETIMEDOUT
  [113, 118], // EHOSTUNREACH
  [114, 120], // EALREADY
  [115, 119], // EINPROGRESS
]);

/**
 * Gives the module `errno` the ESP32's numbers, and with them the texts of OSError, which come from `errno.errorcode`. Both are at
 * fixed places: mp_obj_module_t { type, globals }, mp_obj_dict_t { type, flags and count, room, table of pairs }.
 */
export function renumberErrno(exports: MicroPythonExports, module: number, errorcode: number): void {
  const words = new Uint32Array(exports.memory.buffer);
  renumber(words, words[module / wordBytes + 1] ?? 0, 1);
  renumber(words, errorcode, 0);
}

/** Changes keys (0) or values (1) of a dict. */
function renumber(words: Uint32Array, dict: number, side: 0 | 1): void {
  const [, , room = 0, table = 0] = words.subarray(dict / wordBytes, dict / wordBytes + 4);
  for (let row = 0; row < room; row += 1) {
    const at = table / wordBytes + 2 * row + side;
    const word = words[at] ?? 0;
    // Small integers have their lowest bit set.
    const number = (word & 1) === 1 ? newlibNumbers.get(word >>> 1) : undefined;
    if (number !== undefined) words[at] = (number << 1) | 1;
  }
}
