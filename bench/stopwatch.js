/** @typedef {import('../build/transport/port.js').Port} Port */

/**
 * A port that tells how long a part of the conversation took, and how many bytes went out in it.
 * @implements {Port}
 */
export class Stopwatch {
  #port;
  /** @type {((bytes: Uint8Array) => boolean) | undefined} */
  #isFirst;
  #startMs = 0;
  #lastMs = 0;
  #sentBytes = 0;
  /** How many programs the board was given: each ends with a Ctrl-D of its own. */
  programs = 0;

  /** @param {Port} port */
  constructor(port) {
    this.#port = port;
  }

  get name() {
    return this.#port.name;
  }
  get kind() {
    return this.#port.kind;
  }
  get baudRate() {
    return this.#port.baudRate;
  }
  get capabilities() {
    return this.#port.capabilities;
  }

  /**
   * Starts anew: the clock runs from the first write for which `isFirst` holds, to the last byte that arrives.
   * @param {(bytes: Uint8Array) => boolean} isFirst
   */
  from(isFirst) {
    this.#isFirst = isFirst;
    this.#startMs = 0;
    this.#sentBytes = 0;
    this.programs = 0;
  }

  get result() {
    return { ms: this.#lastMs - this.#startMs, sentBytes: this.#sentBytes };
  }

  /** @param {import('../build/transport/port.js').PortListener} listener */
  subscribe(listener) {
    return this.#port.subscribe({
      data: (bytes) => {
        this.#lastMs = performance.now();
        listener.data(bytes);
      },
      close: (reason) => {
        listener.close(reason);
      },
    });
  }

  /** @param {Uint8Array} bytes */
  write(bytes) {
    if (this.#startMs === 0 && this.#isFirst?.(bytes)) this.#startMs = performance.now();
    if (this.#startMs !== 0) this.#sentBytes += bytes.length;
    if (bytes.length === 1 && bytes[0] === 4) this.programs += 1;
    return this.#port.write(bytes);
  }

  drain() {
    return this.#port.drain();
  }

  /** @param {number} baudRate */
  setBaudRate(baudRate) {
    return this.#port.setBaudRate(baudRate);
  }

  /** @param {Partial<import('../build/transport/port.js').PortLines>} lines */
  setLines(lines) {
    return this.#port.setLines(lines);
  }

  close() {
    return this.#port.close();
  }
}
