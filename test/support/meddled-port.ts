import type { Port, PortLines, PortListener } from '../../src/transport/port.js';

/** A port between whose ends the test stands: it may change or swallow what passes, and sees what is done. */
export class MeddledPort implements Port {
  /** Nothing returned: it is lost. */
  toBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  fromBoard: (bytes: Uint8Array) => Uint8Array = (bytes) => bytes;
  /** Called before the rate changes; throw to refuse. */
  onBaudRate: (baudRate: number) => void = () => undefined;
  readonly rates: number[] = [];
  readonly lines: Partial<PortLines>[] = [];
  readonly #port: Port;
  readonly #changes: Partial<Pick<Port, 'name' | 'kind' | 'capabilities' | 'usb'>>;

  constructor(port: Port, changes: Partial<Pick<Port, 'name' | 'kind' | 'capabilities' | 'usb'>> = {}) {
    this.#port = port;
    this.#changes = changes;
  }

  get name() {
    return this.#changes.name ?? this.#port.name;
  }
  get kind() {
    return this.#changes.kind ?? this.#port.kind;
  }
  get baudRate() {
    return this.#port.baudRate;
  }
  get capabilities() {
    return this.#changes.capabilities ?? this.#port.capabilities;
  }
  get usb() {
    return this.#changes.usb ?? { vendorId: '10c4', productId: 'ea60' };
  }

  subscribe(listener: PortListener): () => void {
    return this.#port.subscribe({
      data: (bytes) => {
        const arrived = this.fromBoard(bytes);
        if (arrived.length > 0) listener.data(arrived);
      },
      close: (reason) => {
        listener.close(reason);
      },
    });
  }

  async write(bytes: Uint8Array): Promise<void> {
    await this.#port.write(this.toBoard(bytes));
  }

  drain(): Promise<void> {
    return this.#port.drain();
  }

  async setBaudRate(baudRate: number): Promise<void> {
    this.onBaudRate(baudRate);
    this.rates.push(baudRate);
    await this.#port.setBaudRate(baudRate);
  }

  async setLines(lines: Partial<PortLines>): Promise<void> {
    this.lines.push(lines);
    await this.#port.setLines(lines);
  }

  close(): Promise<void> {
    return this.#port.close();
  }
}
