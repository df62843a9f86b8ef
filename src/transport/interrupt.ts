import { UpywError } from '../errors.js';

/** Throws `run/interrupted` when the signal has been aborted. */
export function throwIfInterrupted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new UpywError('run/interrupted', {});
}
