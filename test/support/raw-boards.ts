import { afterEach } from 'vitest';
import { openPort, type Port } from 'upyw';
import { ReplClient } from './repl-client.js';
import { useSimFolder } from './sim-folder.js';

/** Virtual boards in the raw REPL, one after the other: each test's last one is switched off behind it. */
export class RawBoards {
  #port: Port | undefined;
  #count = 0;

  /** For the tests of this file. */
  static use(): RawBoards {
    useSimFolder();
    const boards = new RawBoards();
    afterEach(() => boards.close());
    return boards;
  }

  /** The one that is on. */
  get port(): Port | undefined {
    return this.#port;
  }

  /** Switches a board on; a new one unless it is named. */
  async open({ name = `new${(this.#count += 1)}`, options = 'unpaced' } = {}): Promise<ReplClient> {
    this.#port = await openPort(`sim:${name}?${options}`);
    const repl = new ReplClient(this.#port);
    await repl.enterRaw();
    return repl;
  }

  async close(): Promise<void> {
    await this.#port?.close();
    this.#port = undefined;
  }
}
