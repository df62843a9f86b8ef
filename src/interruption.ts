import { setMaxListeners } from 'node:events';
import type { Output } from './world.js';

/** Why the signal fired: Ctrl-C, Ctrl-Break, SIGTERM or a closed terminal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Why the signal fired: the reader of our stdout went away (`upyw tree | head`). That is no failure. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** Why the signal fired: stdout cannot be written, as on a full disk. */
export class OutputFailed extends Error {
  override readonly name = 'OutputFailed';
}

/** What can end a command from outside. */
export interface Interruption {
  /** Fires once: at the first signal, or when stdout fails. The reason is one of the above. */
  readonly signal: AbortSignal;
  /** Resolves at the second signal: the user will not wait for the cleaning up. */
  readonly forced: Promise<void>;
}

/** SIGHUP is a closed terminal, on Windows a closed window; SIGBREAK is Ctrl-Break there, and nothing elsewhere. */
const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'];

/** Listens to the process's signals and to the end of its stdout, for as long as the process lives: listening holds nothing. */
export function watchInterruption(
  process: Pick<NodeJS.Process, 'on'>,
  streams: { readonly stdout: Output; readonly stderr: Output },
): Interruption {
  const controller = new AbortController();
  // Each of many boards listens, in more than one place.
  setMaxListeners(0, controller.signal);
  let force: () => void = () => undefined;
  const forced = new Promise<void>((resolve) => {
    force = resolve;
  });
  const onSignal = () => {
    if (controller.signal.aborted) force();
    else controller.abort(new Interrupted());
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    // EPIPE on Unix, EOF on Windows: the reader has seen enough.
    const isClosed = ['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '');
    const cause = { cause: error };
    controller.abort(isClosed ? new OutputClosed() : new OutputFailed(error.message, cause));
  };
  // A closed stderr takes away the words, not the work.
  const ignore = () => undefined;
  for (const name of signals) process.on(name, onSignal);
  streams.stdout.on('error', onOutputError);
  streams.stderr.on('error', ignore);
  return { signal: controller.signal, forced };
}
