import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import { isMarked } from '../../copying/board-operand.js';
import { readProgramFile, readProgramInput } from './program-text.js';
import { type RunOptions, runCode } from './run-code.js';
import { word } from '../../errors/word.js';

export interface RunFileOptions extends RunOptions {
  /** Leave the names that the program makes on the board, and let it see those that are there. */
  readonly keep?: true;
}

/**
 * `upyw run FILE [ARG…]`: runs a local file on the board without storing it there, with fresh names; `-` reads it from stdin.
 */
export async function run(
  context: Context,
  file: string,
  programArguments: readonly string[],
  options: RunFileOptions,
): Promise<void> {
  if (isMarked(file)) {
    const problem = `${file} is on the board, and run takes a file of this computer; to run that one: upyw cat ${word(file)} | upyw run -`;
    throw new UpywError('usage/arguments', { problem, command: 'upyw run' });
  }
  const { cwd, stdin, signal } = context.world;
  if (file.endsWith('.mpy')) return runBytecode(context, file, programArguments, options);
  const code =
    file === '-' ? await readProgramInput(stdin, signal) : await readProgramFile(resolve(cwd, file));
  const program = {
    code,
    name: file === '-' ? '<stdin>' : file,
    programArguments: programArguments.length > 0 ? [file, ...programArguments] : [],
    freshNames: options.keep !== true,
    takesInput: file !== '-',
  };
  await runCode(context, program, options);
}

/** Bytecode is imported, so its `__name__` is not `__main__`. */
async function runBytecode(
  context: Context,
  file: string,
  programArguments: readonly string[],
  options: RunFileOptions,
): Promise<void> {
  const { readBytecodeProgram, withoutOwnFrames } = await import('./bytecode-program.js');
  const program = await readBytecodeProgram(resolve(context.world.cwd, file), file);
  const given = programArguments.length > 0 ? [file, ...programArguments] : [];
  await runCode(context, { ...program, programArguments: given, freshNames: true }, options).catch(
    (error: unknown) => {
      throw withoutOwnFrames(error);
    },
  );
}
