import type { Port } from '../../src/transport/port.js';
import { Listener } from './listen.js';

/** Talks to a board's REPL by its bytes alone, sharing nothing with upyw's own client. */
export class ReplClient {
  readonly listener: Listener;
  readonly #port: Port;

  constructor(port: Port) {
    this.#port = port;
    this.listener = new Listener(port);
  }

  /** `text` is bytes, one per character. */
  async send(text: string): Promise<void> {
    await this.#port.write(Buffer.from(text, 'latin1'));
  }

  /** Waits for `end` and returns everything up to it. */
  async until(end: string, timeoutMs?: number): Promise<string> {
    await this.listener.until(end, timeoutMs);
    const at = this.listener.said.indexOf(end) + end.length;
    const said = this.listener.said.slice(0, at);
    this.listener.said = this.listener.said.slice(at);
    return said;
  }

  async ask(text: string, end: string): Promise<string> {
    await this.send(text);
    return this.until(end);
  }

  async enterRaw(): Promise<void> {
    await this.ask('\r\x03\x01', 'raw REPL; CTRL-B to exit\r\n>');
  }

  /** Starts code in the raw REPL. */
  async start(code: string): Promise<void> {
    await this.ask(`${code}\x04`, 'OK');
  }

  /** How the code that was started ended. */
  async end(): Promise<{ output: string; error: string }> {
    const [output = '', error = ''] = (await this.until('\x04>')).split('\x04');
    return { output, error };
  }

  /** Runs code in the raw REPL to its end. */
  async run(code: string): Promise<{ output: string; error: string }> {
    await this.start(code);
    return this.end();
  }

  /** What code that must not fail printed. */
  async output(code: string): Promise<string> {
    const { output, error } = await this.run(code);
    if (error !== '') throw new Error(error);
    return output;
  }

  /** The last line of the exception that the code must raise. */
  async failure(code: string): Promise<string> {
    const { error } = await this.run(code);
    return error.trimEnd().split('\r\n').at(-1) ?? '';
  }
}
