import type { Readable, Writable } from 'node:stream';
import type { PortInfo, PortOpeners } from './transport/port.js';

export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(raw: boolean): unknown };
export type Output = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Questions to the person at the terminal; every one throws `usage/no-terminal` where there is none. */
export interface Prompts {
  confirm(question: string): Promise<boolean>;
  select<Value>(question: string, choices: readonly { name: string; value: Value }[]): Promise<Value>;
  input(question: string): Promise<string>;
  /** What is typed is not shown. */
  password(question: string): Promise<string>;
}

/** A virtual board that was used before. Its MAC follows from its name, so nobody need ask it. */
export interface VirtualBoard {
  readonly name: string;
  readonly mac: string;
  /** Somebody keeps it switched on: it is there as a plugged-in board is. */
  readonly isOn: boolean;
}

/** What is known of virtual boards without switching one on. */
export interface VirtualBoards {
  readonly list: () => Promise<readonly VirtualBoard[]>;
  /** Of any address `sim:…`, whether that board was ever used or not. Throws `sim/…`. */
  readonly macOf: (address: string) => Promise<string>;
}

/**
 * Everything a command may touch outside its own arguments, put together once in `main.ts`.
 * A test, an editor or another program hands in its own.
 */
export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly openers: PortOpeners;
  readonly listPorts: () => Promise<readonly PortInfo[]>;
  readonly virtualBoards: VirtualBoards;
  readonly prompts: Prompts;
  /** Aborted by Ctrl-C and SIGTERM; every operation takes it and cleans up when it fires. */
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Whether somebody is there who sees a question and can answer. */
export function hasTerminal({ stdin, stdout, stderr }: Pick<World, 'stdin' | 'stdout' | 'stderr'>): boolean {
  return stdin.isTTY === true && (stderr.isTTY === true || stdout.isTTY === true);
}
