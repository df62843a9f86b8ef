import { resolve } from 'node:path';
import type { Context } from '../context.js';
import { UpywError } from '../errors.js';
import { isMarked } from './support/board-path.js';
import { readLocalFile } from './support/local-files.js';
import { type RunOptions, runCode } from './support/run-code.js';
import { readText } from './support/stdin-text.js';

/** `upyw run FILE [ARG…]`: runs a local file on the board without storing it there; `-` reads it from stdin. */
export async function run(
  context: Context,
  file: string,
  programArguments: readonly string[],
  options: RunOptions,
): Promise<void> {
  if (isMarked(file)) {
    const problem = `${file} is on the board, and run takes a file of this computer; to run that one: upyw cat ${file} | upyw run -`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw run' });
  }
  const { cwd, stdin, signal } = context.world;
  const code =
    file === '-'
      ? await readText(stdin, signal)
      : new TextDecoder().decode(await readLocalFile(resolve(cwd, file)));
  await runCode(context, code, programArguments.length > 0 ? [file, ...programArguments] : [], options);
}
