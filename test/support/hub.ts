import { openPort } from 'upyw';
import { UpywError } from '../../src/errors.js';
import type { Port, PortInfo, PortOpener } from '../../src/transport/port.js';
import type { World } from '../../src/world.js';
import { MeddledPort } from './meddled-port.js';

/** One socket of a hub and what is plugged into it. */
interface Socket {
  readonly info: PortInfo;
  /** `sim:…`; undefined: an adapter behind which nobody answers. */
  readonly board: string | undefined;
}

const adapter = { vendorId: '1a86', productId: '7523' };

/** A USB hub with virtual boards on its sockets, which look like serial ports of this computer. */
export class Hub {
  readonly #sockets = new Map<string, Socket>();
  readonly #open = new Map<string, UnplugPort>();
  /** Every port that was opened, in order. */
  readonly opened: string[] = [];
  /** How many were open at a time, at most. */
  mostOpen = 0;
  /** Called when a port has been closed. */
  onClosed: (path: string) => void = () => undefined;

  /** Plugs a virtual board in, or with `undefined` an adapter without one. */
  plug(path: string, board: string | undefined, more: Partial<PortInfo> = {}): this {
    this.#sockets.set(path, { board, info: { path, usb: adapter, bridge: 'CH340', ...more } });
    return this;
  }

  /** Pulls it out, whatever it does. */
  unplug(path: string): void {
    this.#sockets.delete(path);
    this.#open.get(path)?.pull();
  }

  /** The board on `path` has another name from now on, as after a reset of its own USB port. */
  renumber(path: string, to: string): void {
    const socket = this.#sockets.get(path);
    this.unplug(path);
    this.plug(to, socket?.board);
  }

  get world(): Pick<World, 'listPorts' | 'openers'> {
    const refuse: PortOpener = (address) =>
      Promise.reject(new UpywError('port/refused', { port: address, reason: 'no network' }));
    return {
      listPorts: () => Promise.resolve([...this.#sockets.values()].map(({ info }) => info)),
      openers: {
        serial: (address, options) => this.#openSerial(address, options),
        socket: refuse,
        rfc2217: refuse,
        sim: (address, options) => openPort(address, options),
      },
    };
  }

  readonly #openSerial: PortOpener = async (address, options) => {
    const socket = this.#sockets.get(address);
    if (socket === undefined)
      throw new UpywError('port/not-found', { port: address, known: [...this.#sockets.keys()] });
    if (this.#open.has(address)) throw new UpywError('port/busy', { port: address });
    this.opened.push(address);
    // An adapter alone: what is sent to it is lost.
    const port = await openPort(socket.board ?? 'sim:nobody?unpaced&fault=silence', options);
    const pulled = new UnplugPort(port, { name: address, kind: 'serial' });
    this.#open.set(address, pulled);
    this.mostOpen = Math.max(this.mostOpen, this.#open.size);
    pulled.onClosed = () => {
      if (this.#open.delete(address)) this.onClosed(address);
    };
    return pulled;
  };
}

/** A port whose cable can be pulled. */
class UnplugPort extends MeddledPort {
  onClosed: () => unknown = () => undefined;
  readonly #listeners = new Set<Parameters<Port['subscribe']>[0]>();
  #isPulled = false;

  pull(): void {
    this.#isPulled = true;
    for (const listener of this.#listeners) listener.close(new UpywError('port/lost', { port: this.name }));
    void this.close();
  }

  override subscribe(listener: Parameters<Port['subscribe']>[0]): () => void {
    this.#listeners.add(listener);
    const stop = super.subscribe(listener);
    return () => {
      this.#listeners.delete(listener);
      stop();
    };
  }

  override async write(bytes: Uint8Array): Promise<void> {
    if (this.#isPulled) throw new UpywError('port/lost', { port: this.name });
    await super.write(bytes);
  }

  override async close(): Promise<void> {
    this.onClosed();
    await super.close();
  }
}
