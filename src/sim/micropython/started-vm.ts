import { Buffer } from 'node:buffer';
import { readFileSync, writeFileSync } from 'node:fs';
import { packageFile } from '../../package-file.js';
import type { LearnedHeap } from './board-heap.js';
import type { MicroPythonExports } from './wasm/emscripten.js';

/**
 * A VM in which device/sim/_start.py has run. That takes longer than all else of a board's start and ends the same on every board, so
 * it is done once, when the package is built, and each VM goes on from there.
 */
export interface StartedVm {
  /** The pages of the VM's memory that are not empty, one after the other; and which they are. */
  readonly memory: Uint8Array;
  readonly pages: readonly number[];
  /** How large the memory has become. */
  readonly memoryBytes: number;
  /** The current folder. */
  readonly folder: string;
  /** Which file the way to the machine underneath (device/sim/_board.py) is. */
  readonly deviceFd: number;
  /** What _start.py has told of where MicroPython's objects are. */
  readonly objects: readonly number[];
  /** Which word of the memory leads to each of the board's own modules. */
  readonly modules: readonly (readonly [name: number, word: number])[];
  readonly heap: LearnedHeap;
}

const place = packageFile('dist/started-vm.bin');
const pageBytes = 4096;
/** The file begins with the length of the JSON that follows; behind it are the pages. */
const lengthBytes = 4;

/** What was made when the package was built. */
export function readStartedVm(): StartedVm {
  const file = readFileSync(place);
  const end = lengthBytes + file.readUInt32LE(0);
  const started = JSON.parse(file.toString('utf8', lengthBytes, end)) as Omit<StartedVm, 'memory'>;
  return { ...started, memory: file.subarray(end) };
}

export function writeStartedVm({ memory, ...rest }: StartedVm): void {
  const json = Buffer.from(JSON.stringify(rest));
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(json.length);
  writeFileSync(place, Buffer.concat([length, json, memory]));
}

/** Nothing but the memory knows what Python has done, so a fresh one becomes it. `grow` is the glue's own way to make it larger. */
export function becomeStarted(
  exports: MicroPythonExports,
  { memory, pages, memoryBytes }: StartedVm,
  grow: (sizeBytes: number) => unknown,
): void {
  if (exports.memory.buffer.byteLength < memoryBytes) grow(memoryBytes);
  const all = new Uint8Array(exports.memory.buffer);
  pages.forEach((page, nth) => {
    all.set(memory.subarray(nth * pageBytes, (nth + 1) * pageBytes), page * pageBytes);
  });
}

/** @returns a copy of all that is in use */
export function memoryOf(exports: MicroPythonExports): Pick<StartedVm, 'memory' | 'pages' | 'memoryBytes'> {
  const all = Buffer.from(exports.memory.buffer);
  const empty = Buffer.alloc(pageBytes);
  const pageAt = (page: number): Buffer => all.subarray(page * pageBytes, (page + 1) * pageBytes);
  const pages = Array.from({ length: all.length / pageBytes }, (_, page) => page).filter(
    (page) => !pageAt(page).equals(empty),
  );
  return { memory: Buffer.concat(pages.map(pageAt)), pages, memoryBytes: all.length };
}
