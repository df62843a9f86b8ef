import { UpywError } from './errors.js';
import type { Output } from './world.js';

/** Why the signal fired: the reader of our stdout went away (`upyw tree | head`). That is no failure. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** What can end a command from outside. */
export interface Interruption {
  /** Fires once, at the first Ctrl-C, SIGTERM or closed terminal, or when stdout is gone. The reason says which. */
  readonly signal: AbortSignal;
  /** Resolves at the second Ctrl-C: the user will not wait for the cleaning up. */
  readonly forced: Promise<void>;
  dispose(): void;
}

const signals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Listens to the process's signals and to the end of its stdout. */
export function watchInterruption(
  process: Pick<NodeJS.Process, 'on' | 'off'>,
  streams: { readonly stdout: Output; readonly stderr: Output },
): Interruption {
  const controller = new AbortController();
  let force: () => void = () => undefined;
  const forced = new Promise<void>((resolve) => {
    force = resolve;
  });
  const onSignal = () => {
    if (controller.signal.aborted) force();
    else controller.abort(new UpywError('run/interrupted', {}));
  };
  const onOutputError = (error: NodeJS.ErrnoException) => {
    controller.abort(outputFailure(error));
  };
  // A closed stderr takes away the words, not the work.
  const ignore = () => undefined;
  for (const name of signals) process.on(name, onSignal);
  streams.stdout.on('error', onOutputError);
  streams.stderr.on('error', ignore);
  return {
    signal: controller.signal,
    forced,
    dispose: () => {
      for (const name of signals) process.off(name, onSignal);
    },
  };
}

/** EPIPE on Unix, EOF on Windows: the reader has seen enough. */
function outputFailure(error: NodeJS.ErrnoException): Error {
  const closed = ['EPIPE', 'EOF', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '');
  if (closed) return new OutputClosed('stdout was closed', { cause: error });
  const path = 'the output';
  return error.code === 'ENOSPC'
    ? new UpywError('file/no-space', { path }, { cause: error })
    : new UpywError('file/failed', { path, reason: error.message }, { cause: error });
}
