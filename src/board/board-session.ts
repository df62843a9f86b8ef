import type { RawRepl } from '../rawrepl/raw-repl.js';
import type { UartRegisters } from './speed/uart-divider.js';

/** The rate of the board's console, as far as a session knows and changes it. */
export interface ConsoleSpeed {
  /** Those that transfers may raise it to, the first first; fewer where it turned out that they cannot be had. */
  rates: readonly number[];
  /** What stood in the UART's registers, while it is raised. */
  registers?: UartRegisters | undefined;
  /** At which rate the last transfer went. */
  used?: number;
}

/** What the file operations share about the board at the other end. */
export interface BoardSession {
  readonly repl: RawRepl;
  /** Whether files go as raw bytes; cleared when this firmware or this line turns out not to carry them. */
  rawBytes: boolean;
  /** Whether files go as base64 when they cannot go as raw bytes; cleared when this firmware has no base64. */
  base64: boolean;
  /** Whether files may go compressed; cleared when this board has too little memory to inflate them. */
  compresses: boolean;
  /** How long the board may say nothing in the middle of a transfer; about twice that, and it is given up. */
  readonly patienceMs: number;
  /** Hears in plain words of what does not go the usual way. */
  readonly onNote?: ((text: string, level?: 'warning') => void) | undefined;
  readonly speed: ConsoleSpeed;
  /** Whether what a cut-off transfer may have left at the root is gone. */
  tidied: boolean;
}

/** By the board whose it is: for programs of ours that are no operation on files (`helpers/ask-helper.ts`). */
export const sessions = new WeakMap<object, BoardSession>();

/** What a file operation may be given. */
export interface OperationOptions {
  /** Aborting it ends the operation cleanly with `run/interrupted`. */
  readonly signal?: AbortSignal | undefined;
}

export interface TransferOptions extends OperationOptions {
  /** Called with the number of payload bytes that have arrived so far, over all files of the call. */
  readonly onProgress?: ((doneBytes: number) => void) | undefined;
  /** About how much there is to read, where it is known: decides whether it pays to raise the console's rate. */
  readonly totalBytes?: number | undefined;
}
