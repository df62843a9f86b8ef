import type { Port } from '../../src/transport/port.js';

/** Everything a board says from now on, as text. */
export class Listener {
  said = '';
  closeReason: Error | 'closed' | undefined;
  readonly #changed = new Set<() => void>();

  constructor(port: Port) {
    port.subscribe({
      data: (bytes) => {
        this.said += Buffer.from(bytes).toString('latin1');
        this.#tell();
      },
      close: (reason) => {
        this.closeReason = reason ?? 'closed';
        this.#tell();
      },
    });
  }

  /** Resolves once the board has said `text`; rejects, with what it said, when it does not in time. */
  async until(text: string, timeoutMs = 10_000): Promise<void> {
    await this.#wait(() => this.said.includes(text), timeoutMs);
  }

  async untilClosed(timeoutMs = 10_000): Promise<Error | 'closed'> {
    await this.#wait(() => this.closeReason !== undefined, timeoutMs);
    return this.closeReason!;
  }

  #wait(isDone: () => boolean, timeoutMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!isDone()) return;
        clearTimeout(timer);
        this.#changed.delete(check);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#changed.delete(check);
        reject(new Error(`the board said only ${JSON.stringify(this.said)}`));
      }, timeoutMs);
      this.#changed.add(check);
      check();
    });
  }

  #tell(): void {
    for (const check of [...this.#changed]) check();
  }
}
