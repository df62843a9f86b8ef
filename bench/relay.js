import { connect, createServer } from 'node:net';

/** Stands between a client and a served board and counts what passes, in both directions. */
export class Relay {
  bytes = 0;
  #server;
  /** Where clients connect. */
  url = '';

  /** @param {string} url `rfc2217://host:port` of the board */
  constructor(url) {
    const { hostname, port } = new URL(url.replace('rfc2217:', 'http:'));
    this.#server = createServer((client) => {
      const board = connect(Number(port), hostname);
      for (const [from, to] of /** @type {const} */ ([
        [client, board],
        [board, client],
      ])) {
        from.setNoDelay(true);
        from.on('data', (bytes) => {
          this.bytes += bytes.length;
          to.write(bytes);
        });
        from.on('end', () => to.end());
        from.on('error', () => to.destroy());
      }
    });
  }

  async ready() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (this.#server.address());
    this.url = `rfc2217://127.0.0.1:${port}`;
    return this;
  }

  close() {
    this.#server.close();
  }
}
