import { ESPLoader, Transport } from 'esptool-js';

/** @typedef {import('../build/transport/port.js').Port} Port */

/** What esptool-js expects of a browser's serial port, over one of ours. */
class WebSerialPort {
  /** @type {ReadableStream<Uint8Array> | null} */
  readable = null;
  /** @type {WritableStream<Uint8Array> | null} */
  writable = null;
  #port;
  #unsubscribe = () => undefined;

  /** @param {Port} port */
  constructor(port) {
    this.#port = port;
  }

  getInfo() {
    return {};
  }

  /** @param {{ baudRate: number }} options */
  async open({ baudRate }) {
    if (this.#port.baudRate !== baudRate) await this.#port.setBaudRate(baudRate);
    this.readable = new ReadableStream({
      start: (controller) => {
        const unsubscribe = this.#port.subscribe({
          data: (bytes) => {
            controller.enqueue(bytes);
          },
          close: () => {
            controller.close();
          },
        });
        this.#unsubscribe = () => void unsubscribe();
      },
    });
    this.writable = new WritableStream({ write: (bytes) => this.#port.write(bytes) });
  }

  async close() {
    this.#unsubscribe();
    this.readable = null;
    this.writable = null;
  }

  /** @param {{ dataTerminalReady?: boolean, requestToSend?: boolean }} signals */
  async setSignals({ dataTerminalReady: dtr, requestToSend: rts }) {
    await this.#port.setLines({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) });
  }

  /** @param {number} baudRate */
  setBaudRate(baudRate) {
    return this.#port.setBaudRate(baudRate);
  }
}

/**
 * esptool-js as it comes, silenced.
 * @param {Port} port
 * @param {number} baudRate
 */
export function plainEsptool(port, baudRate) {
  const transport = new Transport(/** @type {never} */ (new WebSerialPort(port)));
  transport.trace = () => undefined;
  const silent = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };
  return new ESPLoader({ transport, baudrate: baudRate, terminal: silent });
}
