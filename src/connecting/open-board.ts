import { resolve } from 'node:path';
import { Board } from '../board/board.js';
import { boardNameIn } from '../config/boards/board-name.js';
import { parseSequence } from '../config/line-sequence.js';
import type { Context } from '../context.js';
import { isUpywError } from '../errors.js';
import { openPort } from '../transport/open-port.js';
import type { Port } from '../transport/port.js';
import { hasTerminal } from '../world.js';
import { findPort, portInForce } from './port-in-force.js';

/** Opens the port in force, or another one, hands it over, and closes it whatever happens. */
export async function withPort<Result>(
  context: Context,
  use: (port: Port) => Promise<Result>,
  open: () => Promise<Port> = () => openChosenPort(context),
): Promise<Result> {
  const port = await open();
  try {
    return await use(port);
  } finally {
    await port.close();
  }
}

/** The flag of commands that transfer files; commander sets it to true where it is not given. */
export interface TurboOption {
  readonly turbo?: boolean | undefined;
}

interface BoardOptions extends TurboOption {
  /** Instead of the port in force. */
  readonly open?: (() => Promise<Port>) | undefined;
}

/** `withPort`, with MicroPython answering on it; leaves the board at its prompt. */
export async function withBoard<Result>(
  context: Context,
  use: (board: Board, port: Port) => Promise<Result>,
  { open, turbo }: BoardOptions = {},
): Promise<Result> {
  const talk = async (port: Port) => {
    const board = await connectBoard(context, port, { turbo });
    try {
      return await use(board, port);
    } finally {
      await board.disconnect();
    }
  };
  return withPort(context, talk, open);
}

/** MicroPython on an open port. Throws `rawrepl/no-prompt`. */
async function connectBoard(
  { world, reporter, flags, loadSettings }: Context,
  port: Port,
  options: TurboOption = {},
): Promise<Board> {
  const { values } = await loadSettings();
  const done = reporter.busy(`waiting for MicroPython on ${port.name}`);
  const timeout = values.timeout === undefined ? {} : { timeoutMs: values.timeout * 1000 };
  const turbo = values.turbo && options.turbo !== false;
  const onNote = (text: string, level?: 'warning') => {
    if (level === 'warning') reporter.warn(text);
    else reporter.debug(text);
  };
  try {
    const { mayReset } = flags;
    return await Board.connect(port, { ...timeout, signal: world.signal, onNote, turbo, mayReset });
  } finally {
    done();
  }
}

/**
 * The same port once more, after it was lost. With `auto` the board may come back under another name; a port that was
 * named, or chosen from several, is only ever that one.
 */
export async function openAgain(context: Context, lost: Port, signal: AbortSignal): Promise<Port> {
  const { values } = await context.loadSettings();
  const open = (name: string) => openPort(name, { baudRate: values.baud, signal }, context.world);
  // A virtual board's name leaves out the passwords of its address.
  const again = lost.kind === 'sim' || boardNameIn(values.port) !== undefined;
  const port = await open(again ? await findPort(context) : lost.name).catch((error: unknown) => {
    if (values.port === 'auto' && !signal.aborted) return open('auto');
    throw error;
  });
  return prepared(context, port, { append: true });
}

/** Opens the port in force. With several boards, a terminal is asked which. */
export async function openChosenPort(context: Context): Promise<Port> {
  const { world, reporter, loadSettings } = context;
  const { values } = await loadSettings();
  const open = (name: string) => openPort(name, { baudRate: values.baud, signal: world.signal }, world);
  const port = await open(await portInForce(context)).catch(async (error: unknown) => {
    if (!isUpywError(error, 'port/several') || !hasTerminal(world)) throw error;
    const choices = error.details.ports.map((path) => ({ name: path, value: path }));
    return open(await world.prompts.select('Which board?', choices));
  });
  reporter.debug(`${port.name} is open at ${port.baudRate} baud`);
  return prepared(context, port, { append: false });
}

/** As `--dtr`, `--rts`, `--trace` and the settings want the port. */
async function prepared(context: Context, port: Port, options: { append: boolean }): Promise<Port> {
  const { lines } = context.flags;
  const { values } = await context.loadSettings();
  const sequences = {
    reset: parseSequence(values['lines.reset'] ?? ''),
    loader: parseSequence(values['lines.loader'] ?? ''),
  };
  const recorded = await traced(context, port, options);
  if (lines === undefined && sequences.reset === undefined && sequences.loader === undefined) return recorded;
  const { wirePort } = await import('../transport/wired-port.js');
  return wirePort(recorded, { sequences, ...(lines === undefined ? {} : { atRest: lines }) });
}

/** With `--trace` the port as it is, and all that passes it in a file. */
async function traced(
  { world, flags, reporter }: Context,
  port: Port,
  { append }: { append: boolean },
): Promise<Port> {
  if (flags.trace === undefined) return port;
  try {
    const [{ tracePort }, { openPrivateFile }] = await Promise.all([
      import('../transport/trace.js'),
      import('../local/private-file.js'),
    ]);
    const file = (await openPrivateFile(resolve(world.cwd, flags.trace), { append })).createWriteStream();
    // What fails later is told once and ends the trace, not the command.
    file.once('error', (error: Error) => {
      reporter.warn(`the trace ends here: ${error.message}`);
    });
    return tracePort(port, {
      write: (text) => file.write(text),
      // One that has failed is closed already.
      end: (done) => {
        if (file.closed) done();
        else file.once('close', done).end();
      },
    });
  } catch (error) {
    await port.close();
    throw error;
  }
}
