import { UpywError } from '../errors.js';
import type { PortListener } from './port.js';

/** The listening half of a port, the same for all kinds: who gets the bytes, and that the end is told once. */
export class PortListeners {
  readonly #listeners = new Set<PortListener>();
  #closed: { readonly reason: Error | undefined } | undefined;

  get closed(): boolean {
    return this.#closed !== undefined;
  }

  /** As `Port.subscribe`. Whoever comes after the end is told of it at once, in a turn of its own. */
  subscribe(listener: PortListener): () => void {
    const closed = this.#closed;
    this.#listeners.add(listener);
    if (closed !== undefined) {
      queueMicrotask(() => {
        if (this.#listeners.delete(listener)) listener.close(closed.reason);
      });
    }
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Several listeners get the same array: they keep it, they do not change it. */
  deliver(bytes: Uint8Array): void {
    if (this.#closed !== undefined || bytes.length === 0) return;
    for (const listener of [...this.#listeners]) listener.data(bytes);
  }

  /** Ends delivery. Without a reason: we closed the port. Only the first call counts. */
  end(reason?: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = { reason };
    const listeners = [...this.#listeners];
    this.#listeners.clear();
    for (const listener of listeners) listener.close(reason);
  }

  /** Why nothing can be written any more; to be thrown by `write` and its like. */
  lostError(port: string): Error {
    const reason = this.#closed?.reason;
    return reason ?? new UpywError('port/lost', { port }, { cause: new Error('the port was closed here') });
  }
}
