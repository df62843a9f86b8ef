import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import type { Input } from '../world.js';

/** One stdin for many: what comes through a pipe is read once, and each board's command gets all of it. A terminal's keys go to none of them. */
export class SharedInput {
  readonly #stdin: Input;
  #content: Promise<Uint8Array> | undefined;

  constructor(stdin: Input) {
    this.#stdin = stdin;
  }

  forBoard(): Input {
    const isTTY = this.#stdin.isTTY === true;
    const read = () => (this.#content ??= readAll(this.#stdin));
    const stream = new Readable({
      read() {
        if (isTTY) return;
        read().then(
          (bytes) => {
            if (bytes.length > 0) this.push(bytes);
            this.push(null);
          },
          (error: unknown) => this.destroy(error as Error),
        );
      },
    });
    return Object.assign(stream, { isTTY });
  }
}

async function readAll(stdin: Input): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}
