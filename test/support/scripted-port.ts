import { PortListeners } from '../../src/transport/port-listeners.js';
import type { Port, PortLines } from '../../src/transport/port.js';

/** A port whose far end is the test: it says bytes, hangs up, and sees what was written and done, in order. */
export class ScriptedPort implements Port {
  readonly name = 'scripted';
  readonly kind = 'serial';
  readonly capabilities = { lines: true, baudRate: true };
  baudRate = 115_200;
  /** `write 0304`, `lines {"dtr":true}`, `baud 9600`, `close`, in the order they came. */
  readonly log: string[] = [];
  /** Called with what is written; answers go out by `say`. */
  onWrite: (bytes: Uint8Array) => void = () => undefined;
  readonly #listeners = new PortListeners();

  say(bytes: Uint8Array | string): void {
    this.#listeners.deliver(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
  }

  hangUp(reason?: Error): void {
    this.#listeners.end(reason);
  }

  subscribe(...[listener]: Parameters<Port['subscribe']>): () => void {
    return this.#listeners.subscribe(listener);
  }

  write(bytes: Uint8Array): Promise<void> {
    this.log.push(`write ${Buffer.from(bytes).toString('hex')}`);
    this.onWrite(bytes);
    return Promise.resolve();
  }

  drain(): Promise<void> {
    return Promise.resolve();
  }

  setBaudRate(baudRate: number): Promise<void> {
    this.log.push(`baud ${baudRate}`);
    this.baudRate = baudRate;
    return Promise.resolve();
  }

  setLines(lines: Partial<PortLines>): Promise<void> {
    this.log.push(`lines ${JSON.stringify(lines)}`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.log.push('close');
    this.#listeners.end();
    return Promise.resolve();
  }
}
