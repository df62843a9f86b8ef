import type { RawRepl } from '../rawrepl/raw-repl.js';
import type { Port } from '../transport/port.js';
import type { BoardInfo } from './board-info.js';
import { readInfo } from './board-info.js';
import { filePath, normalizePath } from './board-path.js';
import type { ConnectOptions } from './connect-options.js';
import type { BoardSession, OperationOptions, TransferOptions } from './board-session.js';
import { sessions } from './board-session.js';
import type { ClockReading, ClockTime } from './clock.js';
import type { MemoryUse } from './memory.js';
import { connectRepl } from './connect-repl.js';
import { raisedRates } from './speed/console-rates.js';
import { type PathPair, filePair } from './path-pair.js';
import type { BoardEntry, Disk } from './folders.js';
import type { HashOptions, InspectOptions } from './hash-files.js';
import type { FileHash, Inspection } from './inspection.js';
import { listDisks, listFolder, makeFolders, removeFolder, removePaths, statPath } from './folders.js';
import type { RunOptions } from './run-code.js';
import type { FileReceiver } from './transfer/transfer.js';
import type { TargetOpener } from './transfer/file-arrivals.js';
import type { TransferResult } from './transfer/upload.js';
import type { FileToWrite } from './transfer/upload-content.js';
import { UpywError } from '../errors.js';

const defaultPatienceMs = 1_000;

// What only some commands need is loaded when it is called for: every command waits for what stands above.
const transferring = () => import('./transfer/transfer.js');
const hashing = () => import('./hash-files.js');
const running = () => import('./run-code.js');
const copying = () => import('./copies.js');
const clocks = () => import('./clock.js');
const memories = () => import('./memory.js');

/**
 * A MicroPython board: its files, and code to run on it.
 *
 * ```js
 * import { openPort, Board } from 'upyw';
 * const port = await openPort('auto');
 * const board = await Board.connect(port);
 * await board.write('main.py', new TextEncoder().encode('print("hello")'));
 * await board.disconnect();
 * await port.close();
 * ```
 *
 * Do one thing at a time: wait for a call to end before the next. Paths are relative to the board's current folder
 * unless they begin with `/`; `.` and `..` are resolved here. Every call throws `UpywError`s only: besides those it names,
 * `port/lost` when the connection ends, `port/silent` when the board stops answering, `run/interrupted` when its
 * `signal` aborts (the board is then back at its prompt, temporary files are gone), `board/bad-path` for a path that no
 * board can have, `board/exception` for what nobody expected.
 */
export class Board {
  readonly #session: BoardSession;

  private constructor(repl: RawRepl, options: ConnectOptions) {
    const { patienceMs = defaultPatienceMs, onNote, turbo = false } = options;
    const way = { rawBytes: true, base64: true, compresses: true };
    const speed = { rates: turbo ? raisedRates : [] };
    this.#session = { repl, ...way, tidied: false, patienceMs, onNote, speed };
    sessions.set(this, this.#session);
  }

  /**
   * Interrupts what the board is doing, without a reset (unless `mayReset`): its variables stay, `boot.py` is not run again. Throws
   * `rawrepl/no-prompt` when it does not get to a prompt in time, `rawrepl/no-micropython`, `rawrepl/restarts`.
   */
  static async connect(port: Port, options: ConnectOptions = {}): Promise<Board> {
    return new Board(await connectRepl(port, options), options);
  }

  /** At how many bits per second the last transfer of files went. */
  get transferBaudRate(): number | undefined {
    return this.#session.speed.used;
  }

  /**
   * What is in a folder (default: the current one), sorted by name; with `recursive` what is in its folders, right behind
   * each. Of a file, that file alone. Throws `board/not-found`.
   */
  list(path = '', options: OperationOptions & { readonly recursive?: boolean } = {}): Promise<BoardEntry[]> {
    return this.#at(path, (plain) => listFolder(this.#session, plain, options));
  }

  /** What is at a path. Throws `board/not-found`. */
  stat(path: string, options: OperationOptions = {}): Promise<BoardEntry> {
    return this.#at(path, (plain) => statPath(this.#session, plain, options));
  }

  /**
   * Size and SHA-256 of each file as it is on the board's flash, undefined for a path with no file: for many files in one
   * exchange, and much faster than reading them. `sha256` is undefined where the firmware cannot compute it. Throws
   * `board/exception` for a file that cannot be read.
   */
  hashFiles(paths: readonly string[], options: HashOptions = {}): Promise<(FileHash | undefined)[]> {
    return this.#at('', async () =>
      (await hashing()).hashFiles(this.#session, paths.map(normalizePath), options),
    );
  }

  /**
   * What is at each path: a file with its hash, a folder, or nothing (undefined); and with `below` what else is in that
   * folder and its folders, in no order, without what other file systems are mounted there. One exchange for both.
   */
  inspect(paths: readonly string[], options: InspectOptions = {}): Promise<Inspection> {
    const { below } = options;
    return this.#at('', async () => {
      const plain = below === undefined ? options : { ...options, below: normalizePath(below) };
      return (await hashing()).inspect(this.#session, paths.map(normalizePath), plain);
    });
  }

  /**
   * A file's content, byte for byte, checked by the SHA-256 that the board computes. Throws `board/not-found`,
   * `board/is-folder`, `board/verify`.
   */
  async read(path: string, options: TransferOptions = {}): Promise<Uint8Array> {
    let content = new Uint8Array();
    await this.readFiles(
      [path],
      (_, bytes) => {
        content = Uint8Array.from(bytes);
      },
      options,
    );
    return content;
  }

  /**
   * Reads many files in one go and hands each over as soon as it is whole and verified; the paths it hands over are
   * those it was given, made plain. Throws as `read` does, for the first that fails.
   */
  async readFiles(
    paths: readonly string[],
    onFile: FileReceiver,
    options: TransferOptions = {},
  ): Promise<void> {
    await (await transferring()).readFiles(this.#session, paths.map(normalizePath), onFile, options);
  }

  /**
   * Reads many files in one go, piece by piece, so that none need be in memory: `open` is asked where each goes. A target is
   * finished when its file is whole and verified, or abandoned. Throws as `read` does, for the first that fails.
   */
  async receiveFiles(
    paths: readonly string[],
    open: TargetOpener,
    options: TransferOptions = {},
  ): Promise<void> {
    await (await transferring()).receiveFiles(this.#session, paths.map(normalizePath), open, options);
  }

  /**
   * Writes a file. At every moment the board has the whole old file or the whole new one: the bytes go to a temporary
   * name, the board hashes what is on its flash, and only the right hash is renamed over the target. Throws
   * `board/no-space` (before anything is sent), `board/not-found` or `board/not-a-folder` for its folder,
   * `board/is-folder`, `board/read-only`, `board/verify`.
   */
  async write(path: string, bytes: Uint8Array, options: TransferOptions = {}): Promise<TransferResult> {
    const [result] = await this.writeFiles([{ path, sizeBytes: bytes.length, load: () => bytes }], options);
    if (result === undefined) throw new UpywError('board/not-found', { path });
    return result;
  }

  /**
   * Writes many files in one go, each as safely as `write` does. When one fails, those before it are in their places and
   * those after it untouched. Content is asked for (`load`) when its turn has come, so not all need to be in memory.
   */
  writeFiles(files: readonly FileToWrite[], options: TransferOptions = {}): Promise<TransferResult[]> {
    return this.#at('', async () => {
      const { writeFiles } = await transferring();
      return writeFiles(
        this.#session,
        files.map((file) => ({ ...file, path: filePath(file.path), load: () => file.load() })),
        options,
      );
    });
  }

  /**
   * Removes a file, or with `recursive` a folder and all that is in it (of `/`, only what is in it). Throws
   * `board/not-found`, `board/is-folder`, `board/read-only`.
   */
  remove(path: string, options: OperationOptions & { readonly recursive?: boolean } = {}): Promise<void> {
    return this.removePaths([path], options);
  }

  /** Removes many files, with `recursive` folders too, in one exchange. When one fails, those before it are gone. */
  removePaths(
    paths: readonly string[],
    options: OperationOptions & { readonly recursive?: boolean } = {},
  ): Promise<void> {
    return this.#at('', () => removePaths(this.#session, paths.map(normalizePath), options));
  }

  /**
   * Makes a folder. With `parents` also those above it, and a folder that is there already is fine. Throws
   * `board/exists`, `board/not-found` for the folder above, `board/not-a-folder`.
   */
  makeFolder(path: string, options: OperationOptions & { readonly parents?: boolean } = {}): Promise<void> {
    return this.makeFolders([path], options);
  }

  /** Makes many folders in one exchange, in this order. */
  makeFolders(
    paths: readonly string[],
    options: OperationOptions & { readonly parents?: boolean } = {},
  ): Promise<void> {
    return this.#at('', () => makeFolders(this.#session, paths.map(normalizePath), options));
  }

  /** Removes an empty folder. Throws `board/not-empty`, `board/not-found`, `board/not-a-folder`. */
  removeFolder(path: string, options: OperationOptions = {}): Promise<void> {
    return this.#at(path, (plain) => removeFolder(this.#session, plain, options));
  }

  /**
   * Copies files on the board, each as safely as `write` does, and compared with its source. When one fails, those before it are in
   * their places. Throws as `write` does, `board/not-found`, `board/copy-differs`.
   */
  copyFiles(pairs: readonly PathPair[], options: TransferOptions = {}): Promise<void> {
    return this.#at('', async () => (await copying()).copyFiles(this.#session, pairs.map(filePair), options));
  }

  /**
   * Gives files and folders other names; a file takes the place of another one in one step. When one fails, those before it are in their
   * places. Throws `board/not-found`, `board/other-disk` where that is on another file system: copy it, then remove it.
   */
  movePaths(pairs: readonly PathPair[], options: OperationOptions = {}): Promise<void> {
    return this.#at('', async () => (await copying()).movePaths(this.#session, pairs.map(filePair), options));
  }

  /** Makes files that are not there, empty; those that are there count as changed now. Throws `board/not-found`. */
  touchFiles(paths: readonly string[], options: OperationOptions = {}): Promise<void> {
    return this.#at('', async () =>
      (await copying()).touchFiles(this.#session, paths.map(filePath), options),
    );
  }

  /** What its clock shows; undefined where it has none. */
  clock(options: OperationOptions = {}): Promise<ClockReading | undefined> {
    return this.#at('', async () => (await clocks()).readClock(this.#session, options));
  }

  /** Sets its clock, and returns what it shows then. Throws `board/no-clock`. */
  setClock(time: ClockTime, options: OperationOptions = {}): Promise<ClockReading> {
    return this.#at('', async () => (await clocks()).setClock(this.#session, time, options));
  }

  /** How its memory is used, before and after a garbage collection. */
  memory(options: OperationOptions = {}): Promise<MemoryUse> {
    return this.#at('', async () => (await memories()).readMemory(this.#session, options));
  }

  /** The mounted file systems with their sizes. */
  disks(options: OperationOptions = {}): Promise<Disk[]> {
    return listDisks(this.#session, options);
  }

  /** The folder that relative paths begin at: the root, unless a program has changed it. */
  currentFolder(options: OperationOptions = {}): Promise<string> {
    return this.evaluate("__import__('os').getcwd()", options);
  }

  /**
   * Runs code and returns what it prints, byte for byte (on a board, lines end with `\r\n`), or hands it to `onOutput`. Throws `run/exception`, with the traceback in its details. With `follow: false` it returns as soon as the
   * board has taken the code; then only `disconnect` may follow.
   */
  async run(code: string, options: RunOptions = {}): Promise<Uint8Array> {
    return (await running()).runCode(this.#session, code, options);
  }

  /** The value of an expression as the board's `print` shows it. Throws `run/exception`. */
  async evaluate(expression: string, options: OperationOptions = {}): Promise<string> {
    return (await running()).evaluate(this.#session, expression, options);
  }

  /** What the board says about itself: versions, memory, unique id. */
  info(options: OperationOptions = {}): Promise<BoardInfo> {
    return readInfo(this.#session, options);
  }

  /**
   * Restarts MicroPython, so that `boot.py` and `main.py` run, and returns once it has begun to. The board is no longer
   * held afterwards: to go on, connect again.
   */
  softReset(options: OperationOptions = {}): Promise<void> {
    return this.#session.repl.softReset(options);
  }

  /** Lets the board go, at its friendly prompt. The port stays open and is the caller's to close. Never throws. */
  disconnect(): Promise<void> {
    return this.#session.repl.leave();
  }

  /** Runs an operation on the plain form of a path; a path that has none rejects like any other failure. */
  async #at<Result>(path: string, operation: (plain: string) => Promise<Result>): Promise<Result> {
    return operation(normalizePath(path));
  }
}
