import { randomBytes } from 'node:crypto';
import { UpywError, isUpywError } from '../errors.js';
import { exceptionTypeOf } from '../rawrepl/board-exception.js';
import { ctrlD, encodeText } from '../rawrepl/control-bytes.js';
import { type PythonValue, parsePython } from '../rawrepl/parse-python.js';
import { pythonLiteral } from '../rawrepl/python-literal.js';
import type { RawChannel, RawRepl } from '../rawrepl/raw-repl.js';
import { readOutput } from '../rawrepl/read-output.js';
import { helperCode } from './helpers/helper-code.js';

/** A program of the user's, and how it is to be run. */
export interface Program {
  readonly code: string;
  /** What tracebacks call it. */
  readonly name: string;
  /** `sys.argv` while it runs; none: it stays as it is. */
  readonly programArguments: readonly string[];
  /** Whether it shares its names with what ran before and comes after. */
  readonly keepNames: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput: (bytes: Uint8Array) => void;
  /** Called once it runs, with what sends it input. */
  readonly onStarted?: ((send: (bytes: Uint8Array) => Promise<void>) => void) | undefined;
}

/** How it came to nothing before any of it ran. */
export type NotStarted = 'no room' | undefined;

/** A board takes a program in windows of 128 bytes, and compiles it before it says so. */
const startTimeoutMs = 10_000;
/** The last words of device/helpers/run.py come at once. */
const endTimeoutMs = 5_000;
const endOfPart = encodeText(ctrlD);

/**
 * Runs a program by way of device/helpers/run.py, which tells where its output ends, whatever bytes are in it, and with what it
 * called `sys.exit`. Returns `no room` where the board could not even hold it; nothing of it has run then.
 * Throws `run/exit`, `board/exception`, `run/restarted`, `run/interrupted`.
 */
export async function runProgram(repl: RawRepl, program: Program): Promise<NotStarted> {
  const tag = randomBytes(4).toString('hex');
  const marks = { start: `<${tag}`, end: `${tag}>` };
  const { code, name, programArguments, keepNames, onStarted, signal } = program;
  const source = [code, name, programArguments, keepNames, onStarted !== undefined, marks.start, marks.end];
  const call = `${await helperCode('run')}_upyw(${source.map(pythonLiteral).join(',')})`;
  const seen: { isStarted: boolean; exit: PythonValue } = { isStarted: false, exit: null };
  const talk = async (channel: RawChannel) => {
    seen.isStarted = await hearStart(channel, marks.start, signal);
    if (seen.isStarted) seen.exit = await follow(channel, program, marks.end);
  };
  try {
    await repl.session(call, talk, { signal, startTimeoutMs, isUsers: true });
  } catch (error) {
    if (!seen.isStarted && /^(?:MemoryError|NameError|AttributeError)$/.test(exceptionTypeOf(error) ?? ''))
      return 'no room';
    // It was raised again, and the board restarted with it.
    const isKnown = isUpywError(error, 'run/exit') && seen.exit !== null;
    if (!isKnown) throw withoutOwnFrames(error);
  }
  throwIfFailed(seen.exit);
  return undefined;
}

/** False: the code ended before the program began. */
async function hearStart(
  channel: RawChannel,
  mark: string,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const ended = new Error('ended');
  const onOutput = (bytes: Uint8Array) => {
    if (bytes.includes(endOfPart[0] ?? 0)) throw ended;
  };
  try {
    await readOutput(channel, mark, { onOutput, signal });
    return true;
  } catch (error) {
    if (error !== ended) throw error;
    return false;
  }
}

/** Passes on what the program prints, until its end. Returns the arguments of its SystemExit, or null. */
async function follow(channel: RawChannel, program: Program, mark: string): Promise<PythonValue> {
  const { reader, port } = channel;
  program.onStarted?.((bytes) => port.write(bytes));
  await readOutput(channel, mark, program);
  const said = await reader.readUntil('\n', { timeoutMs: endTimeoutMs });
  const text = new TextDecoder().decode(said).trim();
  if (text === '') return null;
  try {
    return parsePython(text);
  } catch {
    // An object of the program's own.
    return [text];
  }
}

/** `sys.exit()`, `sys.exit(0)` and `sys.exit(None)` are a good end, as in Python everywhere. */
function throwIfFailed(exit: PythonValue): void {
  if (!Array.isArray(exit) || exit.length === 0) return;
  const [value = null] = exit;
  if (value === null || value === 0 || value === false) return;
  const isPlain = typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean';
  throw new UpywError('run/exit', { value: isPlain ? value : JSON.stringify(value) });
}

/** A traceback begins where the program does. */
function withoutOwnFrames(error: unknown): unknown {
  if (!isUpywError(error, 'board/exception')) return error;
  const traceback = error.details.traceback.replace(
    /^((?:.*\n)*?) {2}File "<stdin>", line \d+, in <module>\n {2}File "<stdin>", line \d+, in _upyw\n/,
    '$1',
  );
  return new UpywError('board/exception', { ...error.details, traceback }, { cause: error });
}
