import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const upyw = fileURLToPath(new URL('../bin/upyw.js', import.meta.url));

/** A paced virtual board in a process of its own, with an input ring of 260 bytes that drops what overflows. */
export class ServedBoard {
  /** Bytes lost to the ring since it was switched on. */
  lostBytes = 0;
  #clientsGone = 0;
  #clientsAwaited = 0;
  #onLine = () => {};
  #server;
  /** Where other programs reach it. */
  url = '';

  /**
   * @param {string} folder where it lives
   * @param {string} options as behind `sim:NAME?`
   * @param {string} [name] its MAC is made from it
   */
  constructor(folder, options, name = 'bench') {
    const args = [upyw, 'sim', 'serve', '-p', `sim:${name}?${options}`, '--listen', '127.0.0.1:0'];
    const env = { ...process.env, UPYW_SIM_DIR: path.join(folder, 'boards') };
    this.#server = spawn('node', args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  }

  async ready() {
    const listening = new Promise((resolve, reject) => {
      for (const stream of [this.#server.stdout, this.#server.stderr]) {
        createInterface(stream).on('line', (line) => {
          const found = /is on: (rfc2217:\/\/[\d.]+:\d+)/.exec(line);
          if (found) resolve(found[1]);
          this.lostBytes += Number(/(\d+) bytes? (?:was|were) lost/.exec(line)?.[1] ?? 0);
          if (line.endsWith(' disconnected')) this.#clientsGone += 1;
          this.#onLine();
        });
      }
      this.#server.once('exit', () => {
        reject(new Error('upyw sim serve ended before it was ready'));
      });
    });
    this.url = await listening;
    return this;
  }

  /** Resolves when one more client has left, and what it lost is known. */
  async clientLeft() {
    this.#clientsAwaited += 1;
    await new Promise((resolve) => {
      this.#onLine = () => {
        if (this.#clientsGone >= this.#clientsAwaited) resolve(undefined);
      };
      this.#onLine();
    });
  }

  async close() {
    const ended = new Promise((resolve) => this.#server.once('exit', resolve));
    this.#server.kill('SIGTERM');
    await ended;
  }
}
