import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { UpywError } from '../errors.js';
import { packageFile } from '../package-file.js';

/** A module of Python to be compiled. */
export interface PythonSource {
  /** What tracebacks call it: as a board names its `.py`. */
  readonly name: string;
  readonly source: Uint8Array;
}

export type CompileRequest = PythonSource;

/** What the compiler's thread says. */
export type CompileAnswer = { readonly mpy: Uint8Array } | { readonly errors: string };

/** Of a file of this computer: bytecode, or undefined for what only a chip's own compiler makes (`@micropython.native`). */
export type Compiled = Uint8Array | undefined;

/** A module of 100 kB takes a tenth of a second. */
const longestCompileMs = 30_000;
/** MicroPython's version that the compiler is of: what came later into the language it does not know. */
export const compilerVersion = '1.19';

/**
 * Compiles Python to MicroPython's bytecode, version 6, which MicroPython runs from 1.19 on whatever chip it is on. The compiler is loaded
 * with the first call, in a thread of its own.
 */
export class MpyCompiler {
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();

  /** Throws `mpy/syntax`, `mpy/failed`. */
  compile(source: PythonSource): Promise<Compiled> {
    const compiled = this.#turn.then(() => this.#compileNow(source));
    this.#turn = compiled.catch(() => undefined);
    return compiled;
  }

  /** Ends its thread. */
  async close(): Promise<void> {
    await this.#worker?.terminate();
    this.#worker = undefined;
  }

  async #compileNow({ name, source }: PythonSource): Promise<Compiled> {
    const worker = (this.#worker ??= new Worker(packageFile('dist/mpy-worker.js'), {
      argv: [],
      env: {},
      stderr: true,
    }));
    let answer: CompileAnswer;
    try {
      worker.postMessage({ name, source } satisfies CompileRequest);
      [answer] = (await once(worker, 'message', { signal: AbortSignal.timeout(longestCompileMs) })) as [
        CompileAnswer,
      ];
    } catch (error) {
      await this.close();
      const reason = error instanceof Error ? error.message : String(error);
      throw new UpywError('mpy/failed', { path: name, reason }, { cause: error });
    }
    if ('mpy' in answer) return answer.mpy;
    if (isForChip(answer.errors)) return undefined;
    throw refusal(name, answer.errors);
  }
}

/** Code of a chip's own, which takes to know the chip. */
function isForChip(said: string): boolean {
  return /invalid arch\b/.test(said);
}

/** As Python says it: `File "input.py", line 3`, then the exception. */
function refusal(path: string, said: string): UpywError {
  const line = Number(/line (\d+)/.exec(said)?.[1] ?? 0);
  const problem = said.trim().split('\n').at(-1) ?? 'the compiler says nothing';
  return new UpywError('mpy/syntax', { path, line, problem, compilerVersion });
}
