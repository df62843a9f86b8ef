import type { Board } from '../../board/board.js';
import type { Context } from '../../context.js';
import { isUpywError } from '../../errors.js';
import { NewlineConverter } from './newlines.js';
import { withBoard } from './open-board.js';

/** How `run` and `exec` were asked to go about it. */
export interface RunOptions {
  /** Leave the board's `\r\n` as it is. */
  readonly raw?: true | undefined;
  /** False with `--no-follow`: start the code and go. */
  readonly follow?: boolean;
}

/**
 * Runs Python on the board and streams what it prints to stdout. `programArguments`, if there are any, are `sys.argv`.
 * Throws `run/exception` (exit code 4) when the code raised one.
 */
export async function runCode(
  context: Context,
  code: string,
  programArguments: readonly string[],
  { raw, follow = true }: RunOptions,
): Promise<void> {
  const { flags, reporter, world } = context;
  if (flags.dryRun) {
    const lines = code.trimEnd().split('\n').length;
    reporter.result(
      { dryRun: true, lines },
      `would run ${lines === 1 ? '1 line' : `${lines} lines`} of code`,
    );
    return;
  }
  const write = (bytes: Uint8Array) => {
    reporter.data(bytes);
  };
  const converter = new NewlineConverter(write);
  const convert = (bytes: Uint8Array) => {
    converter.push(bytes);
  };
  const options = { onOutput: raw === true ? write : convert, follow, signal: world.signal };
  try {
    await withBoard(context, async (board) => {
      if (programArguments.length === 0) await board.run(code, options);
      else await runWithArguments(board, code, programArguments, options);
    });
  } finally {
    converter.end();
  }
}

/** Only a reset would clear `sys.argv` otherwise, and the next program would take it for its own. */
async function runWithArguments(
  board: Board,
  code: string,
  programArguments: readonly string[],
  options: Parameters<Board['run']>[1] & { readonly follow: boolean },
): Promise<void> {
  await board.run(setArguments(programArguments), { signal: options.signal });
  try {
    await board.run(code, options);
  } catch (error) {
    const isAtPrompt = isUpywError(error, 'run/exception') || isUpywError(error, 'run/interrupted');
    if (isAtPrompt) await board.run(setArguments([]));
    throw error;
  }
  if (options.follow) await board.run(setArguments([]));
}

/** JSON's strings and lists are Python's too. */
function setArguments(programArguments: readonly string[]): string {
  return `import sys\nsys.argv[:] = ${JSON.stringify(programArguments)}`;
}
