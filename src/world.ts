import type { Readable, Writable } from 'node:stream';
import { trackOpenPorts } from './open-ports.js';
import { defaultOpeners, listPorts } from './openers.js';
import type { PortInfo, PortOpeners } from './transport/port.js';
import { createPrompts } from './ui/prompts.js';

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
  readonly prompts: Prompts;
  /** Aborted by Ctrl-C and SIGTERM; every operation takes it and cleans up when it fires. */
  readonly signal: AbortSignal;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/** This process as a world; `closePorts` lets go of what is still open at the end. */
export function createWorld(signal: AbortSignal): {
  world: World;
  closePorts: (timeoutMs: number) => Promise<void>;
} {
  const { env, platform, stdin, stdout, stderr } = process;
  const { openers, closeAll } = trackOpenPorts(defaultOpeners);
  const prompts = createPrompts({ stdin, stdout, stderr, signal });
  const now = () => performance.now();
  return {
    world: {
      env,
      cwd: process.cwd(),
      platform,
      stdin,
      stdout,
      stderr,
      openers,
      listPorts,
      prompts,
      signal,
      now,
    },
    closePorts: closeAll,
  };
}
