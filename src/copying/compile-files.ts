import { basename } from 'node:path';
import type { FileStore } from '../board/file-store.js';
import { hashBytes } from '../local/hash-local.js';
import { readToEnd, piecesOf } from '../local/local-files.js';
import type { Compiled, MpyCompiler } from '../mpy/compile.js';

/** A file of this computer, and what came of it where it was Python. */
interface Source {
  readonly local: string;
  readonly sizeBytes: number;
  readonly content?: Uint8Array;
}

/** Python that MicroPython starts by its name, which has to be there as it is. */
const startFiles = new Set(['boot.py', 'main.py']);
const pythonEnding = /\.py$/;

/** Compiles what is to go to a board, each file once as long as it stays the same; what cannot be compiled goes as it is. */
export class FileCompiler {
  readonly #compiler: MpyCompiler;
  readonly #known = new Map<string, Compiled>();
  /** Hears of a file that goes as it is though it is Python, with the reason. */
  readonly #onKept: (name: string, reason: string) => void;

  constructor(compiler: MpyCompiler, onKept: (name: string, reason: string) => void) {
    this.#compiler = compiler;
    this.#onKept = onKept;
  }

  /** Undefined for what goes as it is. `name` is what tracebacks call it. Throws `mpy/…`, `file/…`. */
  async compile(source: Source, name: string): Promise<Compiled> {
    if (!pythonEnding.test(name) || startFiles.has(basename(name))) return undefined;
    const bytes = await readToEnd(source.local, piecesOf(source));
    const key = `${name}\n${hashBytes(bytes).sha256}`;
    if (!this.#known.has(key)) {
      const compiled = await this.#compiler.compile({ name, source: bytes });
      this.#known.set(key, compiled);
      if (compiled === undefined) this.#onKept(name, 'it has code of the chip in it (native, viper or asm)');
    }
    return this.#known.get(key);
  }
}

/** `lib/a.mpy` for `lib/a.py`. */
export function bytecodeName(path: string): string {
  return path.replace(pythonEnding, '.mpy');
}

/** Sources that are on the board and hide the bytecode of the same name: MicroPython looks for `.py` first. One exchange. */
export async function hidingSources(
  board: FileStore,
  paths: readonly string[],
  signal: AbortSignal,
): Promise<string[]> {
  const sources = paths.filter((path) => path.endsWith('.mpy')).map((path) => path.replace(/\.mpy$/, '.py'));
  if (sources.length === 0) return [];
  const { found } = await board.inspect(sources, { signal });
  return sources.filter((_, index) => typeof found[index] === 'object');
}
