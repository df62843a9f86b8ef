import { parentPort } from 'node:worker_threads';
import { compile } from '@pybricks/mpy-cross-v6';
import type { CompileAnswer, CompileRequest } from './compile.js';

/**
 * The compiler, in a thread of its own: each of its runs puts listeners on the process, and looks for `fetch`, which finds no files here.
 */

Reflect.deleteProperty(globalThis, 'fetch');
process.setMaxListeners(0);

/** Its own file system has no folders. */
const inputName = 'input.py';

parentPort?.on('message', ({ name, source }: CompileRequest) => {
  void compile(inputName, new TextDecoder().decode(source), ['-s', name]).then(({ mpy, err }) => {
    // Those of this run; the next one brings its own.
    process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
    const answer: CompileAnswer = mpy === undefined ? { errors: err.join('\n') } : { mpy };
    parentPort?.postMessage(answer);
  });
});
