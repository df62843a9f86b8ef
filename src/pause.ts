/** Resolves after that time, or as soon as the signal fires. */
export function pause(timeMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, timeMs);
    if (signal.aborted) done();
    else signal.addEventListener('abort', done);
  });
}
