import { UpywError } from '../errors.js';

/**
 * The promise's outcome, or the error made by `late` when it takes longer than `timeoutMs`, or `run/interrupted` when the
 * signal aborts first.
 */
export async function withDeadline<T>(
  promise: Promise<T>,
  timeoutMs: number,
  late: () => Error,
  signal?: AbortSignal,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = (): void => undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(late());
    }, timeoutMs);
    onAbort = () => {
      reject(new UpywError('run/interrupted', {}));
    };
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort);
  });
  try {
    return await Promise.race([promise, deadline]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** Whether the promise is fulfilled within `timeoutMs`. Never throws: for the steps of closing, each of which may fail. */
export async function succeedsWithin(promise: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  try {
    await withDeadline(promise, timeoutMs, () => new Error('too late'));
    return true;
  } catch {
    return false;
  }
}
