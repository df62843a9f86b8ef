import type { Board } from '../../board/board.js';
import type { RunOptions as BoardRunOptions } from '../../board/run-code.js';
import type { Context } from '../../context.js';
import { NewlineConverter } from './newlines.js';
import { withBoard } from '../../connecting/open-board.js';
import { tellingFresh } from './fresh-board.js';
import { ProgramInput } from './program-input.js';

/** How `run` and `exec` were asked to go about it. */
export interface RunOptions {
  /** Leave the board's `\r\n` as it is. */
  readonly raw?: true | undefined;
  /** False with `--no-follow`: start the code and go. */
  readonly follow?: boolean;
}

/** Code to run, and where it came from. */
export interface CodeToRun extends Pick<BoardRunOptions, 'name' | 'programArguments' | 'freshNames'> {
  readonly code: string;
  /** Whether stdin is free for the program to read. */
  readonly takesInput: boolean;
  /** Whether it can ask for input, where its text does not tell. */
  readonly asks?: boolean;
  /** What is to be done on the board before. */
  readonly before?: (board: Board) => Promise<void>;
}

const lineFeed = 0x0a;

/** What can ask for input. From a pipe nothing is taken for any other program: it may be meant for what comes next. */
const asksForInput = /\b(?:input|stdin)\b/;

/**
 * Runs Python on the board and streams what it prints to stdout; what is typed or piped meanwhile goes to the program.
 * Throws `run/exception` when the code raised one, `run/exit` when it ended by `sys.exit(1)` (exit code 4 both).
 */
export async function runCode(
  context: Context,
  { code, takesInput, asks = asksForInput.test(code), before, ...how }: CodeToRun,
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
  const isAsked = follow && takesInput && (world.stdin.isTTY === true || asks);
  const input = isAsked ? new ProgramInput(world.stdin) : undefined;
  let last: number | undefined = lineFeed;
  const write = (bytes: Uint8Array) => {
    last = bytes.at(-1) ?? last;
    reporter.data(bytes);
  };
  const converter = new NewlineConverter(write);
  const onOutput = (bytes: Uint8Array) => {
    const heard = input?.heard(bytes) ?? bytes;
    if (raw === true) write(heard);
    else converter.push(heard);
  };
  const onStarted = input?.start.bind(input);
  try {
    await withBoard(context, async (board, port) => {
      await before?.(board);
      const options = { ...how, onOutput, onStarted, follow, signal: world.signal };
      await tellingFresh(port, () => board.run(code, options));
    });
  } catch (error) {
    // What failed is told in a line of its own.
    if (last !== lineFeed && world.stdout.isTTY === true) reporter.data(Uint8Array.of(lineFeed));
    throw error;
  } finally {
    input?.end();
    converter.end();
  }
}
