import type { Context } from '../../context.js';
import { NewlineConverter } from './newlines.js';
import { withBoard } from './open-board.js';

/** How `run` and `exec` were asked to go about it. */
export interface RunOptions {
  /** Leave the board's `\r\n` as it is. */
  readonly raw?: true;
  /** False with `--no-follow`: start the code and go. */
  readonly follow?: boolean;
}

/**
 * Runs Python on the board and streams what it prints to stdout. `programArguments` become `sys.argv`.
 * Throws `run/exception` (exit code 4) when the code raised one.
 */
export async function runCode(
  context: Context,
  code: string,
  programArguments: readonly string[],
  { raw, follow = true }: RunOptions,
): Promise<void> {
  const { reporter, world } = context;
  const write = (bytes: Uint8Array) => {
    reporter.data(bytes);
  };
  const converter = raw === true ? undefined : new NewlineConverter(write);
  const onOutput = (bytes: Uint8Array) => {
    if (converter === undefined) write(bytes);
    else converter.push(bytes);
  };
  try {
    await withBoard(context, async (board) => {
      if (programArguments.length > 1)
        await board.run(setArguments(programArguments), { signal: world.signal });
      await board.run(code, { onOutput, follow, signal: world.signal });
    });
  } finally {
    converter?.end();
  }
}

/** JSON's strings and lists are Python's too. */
function setArguments(programArguments: readonly string[]): string {
  return `import sys\nsys.argv[:] = ${JSON.stringify(programArguments)}`;
}
