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

/** What a diagnosis reads of this computer. Nothing here throws: what is not there, or may not be read, is undefined or empty. */
export interface System {
  /** `v20.19.2` */
  readonly nodeVersion: string;
  /** `x64`, `arm64` */
  readonly arch: string;
  /** Of the kernel: `6.8.0-45-generic`. */
  readonly release: string;
  /** The account's numbers; undefined on Windows. */
  readonly account: { readonly uid: number; readonly groups: readonly number[] } | undefined;
  readText(path: string): Promise<string | undefined>;
  readFolder(path: string): Promise<readonly string[]>;
  /** Where a link leads, as it is written there. */
  readLink(path: string): Promise<string | undefined>;
  owner(
    path: string,
  ): Promise<{ readonly mode: number; readonly uid: number; readonly gid: number } | undefined>;
  /** What a program prints; undefined where there is no such program, or it takes longer. */
  run(command: string, args: readonly string[], timeoutMs: number): Promise<string | undefined>;
  /** Why the native part of serialport does not load; undefined: it does. */
  bindingFailure(): Promise<string | undefined>;
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
  readonly system: System;
  /** Aborted by Ctrl-C and SIGTERM; every operation takes it and cleans up when it fires. */
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** Whether somebody is there who sees a question and can answer. */
export function hasTerminal({ stdin, stdout, stderr }: Pick<World, 'stdin' | 'stdout' | 'stderr'>): boolean {
  return stdin.isTTY === true && (stderr.isTTY === true || stdout.isTTY === true);
}
