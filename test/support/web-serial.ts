import { ESPLoader, Transport } from 'esptool-js';
import type { Port } from '../../src/transport/port.js';

/** What esptool-js, unwrapped, expects of a browser's serial port, over one of ours. */
export class WebSerialPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly #port: Port;
  #unsubscribe: () => void = () => undefined;

  constructor(port: Port) {
    this.#port = port;
  }

  getInfo(): object {
    return {};
  }

  async open({ baudRate }: { baudRate: number }): Promise<void> {
    if (this.#port.baudRate !== baudRate) await this.#port.setBaudRate(baudRate);
    this.readable = new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.#unsubscribe = this.#port.subscribe({
          data: (bytes) => {
            controller.enqueue(bytes);
          },
          close: (reason) => {
            if (reason === undefined) controller.close();
            else controller.error(reason);
          },
        });
      },
      cancel: () => {
        this.#unsubscribe();
      },
    });
    this.writable = new WritableStream<Uint8Array>({ write: (bytes) => this.#port.write(bytes) });
  }

  close(): Promise<void> {
    this.#unsubscribe();
    this.readable = null;
    this.writable = null;
    return Promise.resolve();
  }

  async setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    const { dataTerminalReady: dtr, requestToSend: rts } = signals;
    await this.#port.setLines({ ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) });
  }

  setBaudRate(baudRate: number): Promise<void> {
    return this.#port.setBaudRate(baudRate);
  }
}

/** esptool-js as it comes, with nothing of ours but the port. */
export function plainEsptool(port: Port, baudRate = 921_600): ESPLoader {
  const transport = new Transport(new WebSerialPort(port));
  transport.trace = () => undefined;
  const silent = { clean: () => undefined, write: () => undefined, writeLine: () => undefined };
  return new ESPLoader({ transport, baudrate: baudRate, terminal: silent });
}
