import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import type { CompileAnswer, CompileRequest } from './compile.js';

/**
 * The compiler, in a thread of its own: each of its runs puts listeners on the process, and looks for `fetch`, which finds no files here.
 */

interface MpyCross {
  compile(
    name: string,
    source: Uint8Array,
    options: readonly string[],
  ): Promise<{ readonly status: number; readonly mpy?: Uint8Array; readonly err: readonly string[] }>;
}

Reflect.deleteProperty(globalThis, 'fetch');
process.setMaxListeners(0);
const { compile } = createRequire(import.meta.url)('@pybricks/mpy-cross-v6') as MpyCross;

/** Its own file system has no folders. */
const inputName = 'input.py';

parentPort?.on('message', ({ name, source }: CompileRequest) => {
  void compile(inputName, source, ['-s', name]).then(({ mpy, err }) => {
    // Those of this run; the next one brings its own.
    process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
    const answer: CompileAnswer = mpy === undefined ? { errors: err.join('\n') } : { mpy };
    parentPort?.postMessage(answer);
  });
});
