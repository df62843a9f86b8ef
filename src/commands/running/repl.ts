import type { FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Context } from '../../context.js';
import { UpywError } from '../../errors.js';
import type { Port } from '../../transport/port.js';
import { printableName } from '../../printable.js';
import { join } from './repl/join.js';
import { Terminal } from '../../ui/terminal/terminal.js';
import { TracebackNotes } from './repl/traceback-notes.js';
import { openAgain, openChosenPort } from '../../connecting/open-board.js';
import { pause } from '../../pause.js';
import { openPrivateFile } from '../../local/private-file.js';

export interface ReplOptions {
  /** File that gets what the board says. */
  readonly capture?: string;
}

/** How often an unplugged board is looked for, in milliseconds. */
const lookAgainMs = 300;

/** `upyw repl`: the terminal becomes the board's until Ctrl-] or Ctrl-X; an unplugged board is waited for. */
export async function repl(context: Context, { capture }: ReplOptions): Promise<void> {
  const { stdin, stdout, cwd } = context.world;
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    throw new UpywError('usage/no-terminal', {
      what: 'upyw repl',
      instead: 'Without one, use: upyw run FILE, or upyw exec CODE',
    });
  }
  const file =
    capture === undefined ? undefined : await openPrivateFile(resolve(cwd, capture), { append: false });
  try {
    const port = await openChosenPort(context);
    context.reporter.info(`Connected to ${port.name}. Ctrl-] or Ctrl-X leaves, Ctrl-C interrupts the board`);
    await talk(context, port, file);
  } finally {
    await file?.close();
  }
}

async function talk(context: Context, first: Port, file: FileHandle | undefined): Promise<void> {
  const { world, reporter } = context;
  const capture = new Capture(file, (error) => {
    reporter.warn(`the capture ends here: ${error.message}`);
  });
  const terminal = new Terminal(world);
  const notes = new TracebackNotes();
  const onOutput = (bytes: Uint8Array) => {
    for (const piece of notes.push(bytes)) {
      terminal.show(piece.bytes);
      if (piece.note !== undefined) reporter.note(`→ Usually: ${piece.note}`);
    }
    capture.push(bytes);
  };
  try {
    let port: Port | undefined = first;
    while (port !== undefined && (await joinAndClose(port, terminal, onOutput, world.signal)) === 'lost') {
      reporter.info(`\n${printableName(port.name)} is gone. Plug it in again, or leave with Ctrl-]`);
      port = await waitForPort(context, terminal, port);
      if (port !== undefined) reporter.info(`${printableName(port.name)} is back`);
    }
  } finally {
    terminal.close();
    await capture.end();
  }
  reporter.info('');
}

async function joinAndClose(
  port: Port,
  terminal: Terminal,
  onOutput: (bytes: Uint8Array) => void,
  signal: AbortSignal,
): Promise<'left' | 'lost'> {
  try {
    return await join(port, terminal, onOutput, signal);
  } finally {
    await port.close();
  }
}

/** Tries until the port opens; undefined when the user leaves meanwhile (Ctrl-C does too: no board would hear it). */
async function waitForPort(context: Context, terminal: Terminal, lost: Port): Promise<Port | undefined> {
  const { signal } = context.world;
  const left = new AbortController();
  terminal.handle((event) => {
    if (event.kind === 'leave' || (event.kind === 'keys' && event.bytes.includes(0x03))) left.abort();
  });
  const stop = AbortSignal.any([signal, left.signal]);
  while (!stop.aborted) {
    try {
      return await openAgain(context, lost, stop);
    } catch (error) {
      if (!(error instanceof UpywError)) throw error;
      await pause(lookAgainMs, stop);
    }
  }
  if (signal.aborted) throw new UpywError('run/interrupted', {});
  return undefined;
}

/** Writes in order behind the terminal's back; a full disk ends the capture, not the session. */
class Capture {
  #writing: Promise<void> = Promise.resolve();
  #failed = false;

  constructor(
    private readonly file: FileHandle | undefined,
    private readonly onError: (error: Error) => void,
  ) {}

  push(bytes: Uint8Array): void {
    const { file } = this;
    if (file === undefined || this.#failed) return;
    this.#writing = this.#writing
      .then(async () => {
        await file.appendFile(bytes);
      })
      .catch((error: unknown) => {
        if (!this.#failed) this.onError(error instanceof Error ? error : new Error(String(error)));
        this.#failed = true;
      });
  }

  end(): Promise<void> {
    return this.#writing;
  }
}
