import type { MicroPythonExports } from './wasm/emscripten.js';

const wordBytes = 4;
/** A row of a map: key and value. */
const rowWords = 2;
/** The low bits of an `mp_map_t`'s first word (py/obj.h): all keys are qstrs, it is fixed and ordered. The others count its rows. */
const romMapFlags = 7;
const countShift = 3;
const maxRows = 200;
/** Constants lie in front of stack and heap: within the first megabyte, since all of the wasm is less than half of one. */
const staticWords = 256 * 1024;

/** This build's list of frozen modules begins so; what follows on these five is no board's. */
const frozenList =
  'asyncio/event.py\0asyncio/funcs.py\0asyncio/lock.py\0asyncio/__init__.py\0asyncio/core.py\0';
/** The five under a name that `import asyncio` does not find: device/sim/frozen/asyncio is the board's, and has three of them in it. */
const renamedFrozenList = frozenList.replaceAll('asyncio/', '_syncio/');

/** A name, as MicroPython keeps it, and the address of the object that is the module or loads it. */
type ModuleRow = readonly [name: number, object: number];

/**
 * MicroPython's two tables of built-in modules: those that no file can take the place of, and the "extensible" ones, which also
 * have a name with a `u` in front (py/objmodule.c). `import` is the C code's own; only the tables have the board's modules in
 * them, in Python, and not the browser's. A module is loaded when it is first imported: the C code calls `__init__` of what the
 * table has for it, which loads the module and puts it there.
 */
export class BuiltInModules {
  readonly #exports: MicroPythonExports;
  /** The word of each name's value. */
  readonly #values: Map<number, number>;

  constructor(exports: MicroPythonExports, values: Iterable<readonly [name: number, word: number]> = []) {
    this.#exports = exports;
    this.#values = new Map(values);
  }

  /** The board's own: the word of each name's value. */
  get values(): readonly (readonly [name: number, word: number])[] {
    return [...this.#values];
  }

  /** MicroPython's own frozen modules are no board's. */
  hideFrozen(): void {
    hideFrozen(new Uint8Array(this.#exports.memory.buffer));
  }

  readonly devices: Readonly<Record<string, (...args: unknown[]) => unknown>> = {
    /** To the table that has the C module `sample`, all names but `hidden`, and `rows`. */
    modules_extend: (sample, hidden, rows) => {
      const map = findMap(this.#words.subarray(0, staticWords), Number(sample));
      for (const [name, word] of this.#change(map, hidden as number[], rows as ModuleRow[]))
        this.#values.set(name, word);
    },
    /** The names of a module in C: all but `hidden`, and `rows`. */
    module_change: (module, hidden, rows) => {
      // mp_obj_module_t { type, globals }, mp_obj_dict_t { type, map }
      const globals = this.#words[Number(module) / wordBytes + 1] ?? 0;
      this.#change(globals / wordBytes + 1, hidden as number[], rows as ModuleRow[]);
    },
    module_loaded: (name, object) => {
      this.#words[this.#values.get(Number(name)) ?? 0] = Number(object);
    },
  };

  /** Anew each time: the memory may have grown. */
  get #words(): Uint32Array {
    return new Uint32Array(this.#exports.memory.buffer);
  }

  /** A new table in place of that of a map. @returns the word of each name's value */
  #change(map: number, hidden: readonly number[], added: readonly ModuleRow[]): Map<number, number> {
    const replaced = new Set([...hidden, ...added.map(([name]) => name)]);
    const rows = [...rowsOf(this.#words, map).filter(([name]) => !replaced.has(name)), ...added];
    const table = this.#exports.malloc(rows.length * rowWords * wordBytes);
    const words = this.#words;
    const values = new Map<number, number>();
    rows.forEach((row, nth) => {
      words.set(row, table / wordBytes + nth * rowWords);
      values.set(row[0], table / wordBytes + nth * rowWords + 1);
    });
    words.set([(rows.length << countShift) | romMapFlags, rows.length, table], map);
    return values;
  }
}

function rowsOf(words: Uint32Array, map: number): ModuleRow[] {
  const [, count = 0, table = 0] = words.subarray(map, map + 3);
  return Array.from({ length: count }, (_, nth): ModuleRow => {
    const at = table / wordBytes + nth * rowWords;
    return [words[at] ?? 0, words[at + 1] ?? 0];
  });
}

/** The word of the `mp_map_t` whose table has this value in it. */
function findMap(words: Uint32Array, value: number): number {
  const places: number[] = [];
  for (let at = words.indexOf(value); at !== -1; at = words.indexOf(value, at + 1))
    places.push(at * wordBytes);
  for (let at = 0; at + 2 < words.length; at += 1) {
    const head = words[at] ?? 0;
    if ((head & romMapFlags) !== romMapFlags) continue;
    const room = words[at + 1] ?? 0;
    const table = words[at + 2] ?? 0;
    const isMap = room > 0 && head >>> countShift === room && room < maxRows;
    const end = table + room * rowWords * wordBytes;
    if (isMap && places.some((place) => place >= table && place < end)) return at;
  }
  throw new Error('the table of built-in modules was not found in the memory of the VM');
}

function hideFrozen(memory: Uint8Array): void {
  const at = indexOf(memory, new TextEncoder().encode(frozenList));
  if (at === -1) throw new Error('the list of frozen modules was not found in the memory of the VM');
  memory.set(new TextEncoder().encode(renamedFrozenList), at);
  // The list ends with an empty name.
  memory[at + frozenList.length] = 0;
}

function indexOf(memory: Uint8Array, wanted: Uint8Array): number {
  const [first = 0] = wanted;
  for (let at = memory.indexOf(first); at !== -1; at = memory.indexOf(first, at + 1)) {
    if (wanted.every((byte, nth) => memory[at + nth] === byte)) return at;
  }
  return -1;
}
